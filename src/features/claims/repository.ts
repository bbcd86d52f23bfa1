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

export interface DisputedPayments {
  payments: number;
  disputed: number;
}

export interface ClaimsRepository {
  /** Whether `Claims.UpdatedAt` exists. */
  readonly knowsResolution: boolean;
  groups(now: Instant): Promise<ClaimGroup[]>;
  /** Claims of the given statuses, newest first. */
  active(statuses: readonly number[]): Promise<ActiveClaim[]>;
  disputedPayments(): Promise<DisputedPayments>;
}

/** Queries only: no rule and no clock of its own. */
export function createClaimsRepository({ database, dialect, columns }: SqlReader): ClaimsRepository {
  const knowsResolution = columns.has('Claims', 'UpdatedAt');

  /**
   * Each claim with the payment it names: by Mercado Pago's id, else by our own key; the lowest id where several do.
   * The payments are narrowed to those that a claim names before they are grouped, so that they are read once.
   */
  const withPayment = () =>
    database
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
      )
      .selectFrom('Claims')
      .leftJoin('byPaymentId', 'byPaymentId.key', 'Claims.ResourceId')
      .leftJoin('byExternalId', 'byExternalId.key', 'Claims.ResourceId')
      .leftJoin('Payments', (join) =>
        join.on('Payments.Id', '=', (eb) => eb.fn.coalesce('byPaymentId.paymentKey', 'byExternalId.paymentKey')),
      );

  return {
    knowsResolution,

    groups(now) {
      const grouped = withPayment()
        .groupBy(({ ref }) => [
          'Claims.Status',
          dialect.exactText(ref('Claims.Type')),
          dialect.month(ref('Claims.DataCreated')),
        ])
        .select(({ fn, ref, case: when, eb, val }) => {
          const daysOpen = dialect.wholeDays(ref('Claims.DataCreated'), now);
          return [
            'Claims.Status',
            dialect.exactText(ref('Claims.Type')).as('Type'),
            dialect.month(ref('Claims.DataCreated')).as('month'),
            fn.countAll<number>().as('count'),
            fn.coalesce(fn.sum<number>(dialect.cents(ref('Payments.Amount'))), val(0)).as('cents'),
            fn.sum<number>(daysOpen).as('daysOpen'),
            fn
              .sum<number>(
                when()
                  .when(eb(daysOpen, '>', 30))
                  .then(1)
                  .else(0)
                  .end(),
              )
              .as('over30Days'),
          ];
        });
      if (!knowsResolution) return grouped.execute();
      return grouped
        .select(({ fn, ref }) => [
          fn.count<number>('Claims.UpdatedAt').as('updated'),
          fn.sum<number | null>(dialect.elapsed(ref('Claims.DataCreated'), ref('Claims.UpdatedAt'))).as('updatedAfter'),
        ])
        .execute();
    },

    active: (statuses) =>
      withPayment()
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

    disputedPayments: () =>
      withPayment()
        .select(({ fn, selectFrom }) => [
          fn.count<number>('Payments.Id').distinct().as('disputed'),
          selectFrom('Payments')
            .select(({ fn: { countAll } }) => countAll<number>().as('payments'))
            .$asScalar()
            .as('payments'),
        ])
        .executeTakeFirstOrThrow(),
  };
}
