import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import { sqlTables } from '../../core/sources/sources.ts';
import type { SqlReader } from '../../core/sources/sql/source.ts';

export const claimsTables = sqlTables({
  Claims: ['Id', 'MpClaimId', 'ResourceId', 'Type', 'CurrentStage', 'DataCreated', 'Status', 'UserId'],
  Payments: ['Id', 'ExternalId', 'PaymentId', 'Amount'],
  AspNetUsers: ['Id', 'Name', 'Email'],
});

/** Claims that share status, type and the month they were opened in. */
export interface ClaimGroup {
  Status: number;
  Type: string;
  /** `YYYY-MM`. */
  month: string;
  count: number;
  cents: Cents;
  /** Payments that these claims name and no claim with a lower id does: over all groups, each payment counts once. */
  payments: number;
  /** Sum of whole days since opening. */
  daysOpen: number;
  /** How many have been open for more than 30 days. */
  over30Days: number;
  /** Claims with an instant of their last change, and the sum of milliseconds up to it; absent without the column. */
  updated?: number | null;
  updatedAfter?: number | null;
}

export interface ActiveClaim {
  Id: number;
  MpClaimId: number;
  Type: string;
  Status: number;
  CurrentStage: string | null;
  created: Instant;
  cents: Cents;
  userName: string | null;
  userEmail: string | null;
}

export interface ClaimsRepository {
  /** Whether `Claims.UpdatedAt` exists. */
  readonly knowsResolution: boolean;
  groups(now: Instant): Promise<ClaimGroup[]>;
  /** Claims of the given statuses, newest first. */
  active(statuses: readonly number[]): Promise<ActiveClaim[]>;
  /** How many payments there are, with a claim or without. */
  payments(): Promise<number>;
}

/** Queries only: no rule and no clock of its own. */
export function createClaimsRepository({ database, dialect, columns }: SqlReader): ClaimsRepository {
  const knowsResolution = columns.has('Claims', 'UpdatedAt');

  /** The payments that claims name, by either key; the lowest id where several share one. */
  const namedPayments = () =>
    database
      // Narrowed to those that a claim names before they are grouped, so that the payments are read once.
      .with('byPaymentId', (query) =>
        query
          .selectFrom('Payments')
          .where('PaymentId', 'in', query.selectFrom('Claims').select('ResourceId'))
          .groupBy('PaymentId')
          .select(({ ref, fn }) => [
            'PaymentId as key',
            dialect.keyText(fn.min<string>(dialect.exactText(ref('Id')))).as('paymentKey'),
          ]),
      )
      .with('byExternalId', (query) =>
        query
          .selectFrom('Payments')
          .where('ExternalId', 'in', query.selectFrom('Claims').select('ResourceId'))
          .groupBy('ExternalId')
          .select(({ ref, fn }) => [
            'ExternalId as key',
            dialect.keyText(fn.min<string>(dialect.exactText(ref('Id')))).as('paymentKey'),
          ]),
      );

  /** Each claim with the payment it names: by Mercado Pago's id, else by our own key. */
  const claimsWithPayment = (named: ReturnType<typeof namedPayments>) =>
    named
      .selectFrom('Claims')
      .leftJoin('byPaymentId', 'byPaymentId.key', 'Claims.ResourceId')
      .leftJoin('byExternalId', 'byExternalId.key', 'Claims.ResourceId')
      .leftJoin('Payments', (join) =>
        join.on('Payments.Id', '=', (eb) => eb.fn.coalesce('byPaymentId.paymentKey', 'byExternalId.paymentKey')),
      );

  return {
    knowsResolution,

    groups: (now) =>
      namedPayments()
        .with('matched', (named) =>
          claimsWithPayment(named)
            .select(({ fn, ref, eb, case: when }) => {
              const place = fn
                .agg<number>('row_number')
                .over((over) => over.partitionBy('Payments.Id').orderBy('Claims.Id'));
              return [
                'Claims.Status',
                dialect.exactText(ref('Claims.Type')).as('Type'),
                dialect.month(ref('Claims.DataCreated')).as('month'),
                dialect.cents(ref('Payments.Amount')).as('cents'),
                dialect.wholeDays(ref('Claims.DataCreated'), now).as('daysOpen'),
                when()
                  .when(eb.and([eb('Payments.Id', 'is not', null), eb(place, '=', 1)]))
                  .then(1)
                  .else(0)
                  .end()
                  .as('firstOfPayment'),
              ];
            })
            .$if(knowsResolution, (claims) =>
              claims.select(({ ref }) =>
                dialect.elapsed(ref('Claims.DataCreated'), ref('Claims.UpdatedAt')).as('updatedAfter'),
              ),
            ),
        )
        .selectFrom('matched')
        .groupBy(['Status', 'Type', 'month'])
        .select(({ fn, case: when, val }) => [
          'Status',
          'Type',
          'month',
          fn.countAll<number>().as('count'),
          fn.coalesce(fn.sum<number>('cents'), val(0)).as('cents'),
          fn.sum<number>('firstOfPayment').as('payments'),
          fn.sum<number>('daysOpen').as('daysOpen'),
          fn.sum<number>(when().when('daysOpen', '>', 30).then(1).else(0).end()).as('over30Days'),
        ])
        .$if(knowsResolution, (groups) =>
          groups.select(({ fn }) => [
            fn.count<number>('updatedAfter').as('updated'),
            fn.sum<number | null>('updatedAfter').as('updatedAfter'),
          ]),
        )
        .execute(),

    active: (statuses) =>
      claimsWithPayment(namedPayments())
        .leftJoin('AspNetUsers', 'AspNetUsers.Id', 'Claims.UserId')
        .where('Claims.Status', 'in', statuses)
        .select(({ ref, fn, val }) => [
          'Claims.Id',
          'Claims.MpClaimId',
          'Claims.Type',
          'Claims.Status',
          'Claims.CurrentStage',
          dialect.instant(ref('Claims.DataCreated')).as('created'),
          fn.coalesce(dialect.cents(ref('Payments.Amount')), val(0)).as('cents'),
          'AspNetUsers.Name as userName',
          'AspNetUsers.Email as userEmail',
        ])
        .orderBy('Claims.DataCreated', 'desc')
        .orderBy('Claims.Id', 'desc')
        .execute(),

    async payments() {
      const { payments } = await database
        .selectFrom('Payments')
        .select(({ fn }) => fn.countAll<number>().as('payments'))
        .executeTakeFirstOrThrow();
      return payments;
    },
  };
}
