import { sql } from 'kysely';
import { tables } from '../../company/tables.ts';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import type { Span } from '../../core/figures/span.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import { equals, isPresent, oneIf, relationOf } from '../../core/mirror/expression.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { hourlyRollup, part, type Rollup, rollup } from '../../core/mirror/rollup.ts';

export const subscriptionsReads: TableColumns = {
  Subscriptions: [
    'Id',
    'UserId',
    'Status',
    'PlanId',
    'CurrentAmount',
    'CurrentPeriodEndDate',
    'CreatedAt',
    'UpdatedAt',
  ],
  Plans: ['Id', 'Name', 'TransactionAmount', 'FrequencyInterval', 'FrequencyType'],
  AspNetUsers: ['Id', 'Name', 'Email'],
};

/** Subscriptions that share a status and a plan. */
export interface SubscriptionGroup {
  Status: string;
  PlanId: number | null;
  count: number;
  /** Sum of `CurrentAmount`, in whole BRL; 0 without the column. */
  reais: number;
  /** How many have `CreatedAt`. */
  dated: number;
}

export interface Plan {
  Id: number;
  Name: string;
  cents: Cents;
  FrequencyInterval: number;
  FrequencyType: string;
}

export interface ListedSubscription {
  Id: string;
  UserId: string | null;
  Status: string;
  /** Whole BRL; 0 without the column. */
  CurrentAmount: number;
  CurrentPeriodEndDate: Instant | null;
  planCents: Cents | null;
  planName: string | null;
  userName: string | null;
  userEmail: string | null;
}

/** Subscriptions that were created in a span. */
export interface Created {
  count: number;
  /** How many of them are cancelled now. */
  cancelled: number;
}

const subscriptionsByStatusAndPlan: Rollup<SubscriptionGroup> = rollup(
  'SubscriptionsByStatusAndPlan',
  part(relationOf(tables.Subscriptions), ({ column }) => ({
    by: { Status: column('Status'), PlanId: column('PlanId') },
    sums: { reais: column('CurrentAmount'), dated: oneIf(isPresent(column('CreatedAt'))) },
  })),
);

const subscriptionsEndingByHour = hourlyRollup(
  'SubscriptionsEndingByHour',
  tables.Subscriptions,
  'CurrentPeriodEndDate',
  ({ column }) => ({ where: equals(column('Status'), 'authorized') }),
);

const subscriptionsCreatedByHour = hourlyRollup(
  'SubscriptionsCreatedByHour',
  tables.Subscriptions,
  'CreatedAt',
  ({ column }) => ({ sums: { cancelled: oneIf(equals(column('Status'), 'cancelled')) } }),
);

export const subscriptionsObjects: readonly MirrorObject[] = [
  subscriptionsByStatusAndPlan,
  subscriptionsEndingByHour,
  subscriptionsCreatedByHour,
  mirrorIndex('SubscriptionsCancelled', 'Subscriptions', '"UpdatedAt", "CreatedAt"', `"Status" = 'cancelled'`),
  mirrorIndex('SubscriptionsNewest', 'Subscriptions', '"CreatedAt" desc, coalesce("IdWritten", "Id") desc'),
];

export interface SubscriptionsRepository {
  /** Whether `Subscriptions.CurrentAmount` exists. */
  readonly knowsAmount: boolean;
  groups(): SubscriptionGroup[];
  /** Active subscriptions with a period that ends in a span. */
  ending(span: Span): number;
  created(span: Span): Created;
  /** Cancelled subscriptions that were created up to an instant, and updated later. */
  cancelledSince(cutoff: Instant): number;
  plans(): Plan[];
  newest(count: number): ListedSubscription[];
}

/** Queries only: rules and the clock belong to the service. */
export function createSubscriptionsRepository(reader: MirrorReader): SubscriptionsRepository {
  const tables = reader.tables();
  return {
    knowsAmount: reader.has('Subscriptions', 'CurrentAmount'),
    groups: () => reader.rows(subscriptionsByStatusAndPlan),
    ending: (span) => reader.totals(subscriptionsEndingByHour, [span])[0]?.count ?? 0,
    created: (span) => reader.totals(subscriptionsCreatedByHour, [span])[0] ?? { count: 0, cancelled: 0 },

    cancelledSince(cutoff) {
      const [counted] = reader.all(
        tables
          .selectFrom('Subscriptions')
          // A literal: SQLite does not use a partial index for a bound parameter.
          .where(sql<boolean>`"Status" = 'cancelled'`)
          .where('UpdatedAt', '>', cutoff)
          .where('CreatedAt', '<=', cutoff)
          .select(({ fn }) => fn.countAll<number>().as('count')),
      );
      return counted?.count ?? 0;
    },

    plans: () =>
      reader.all(
        tables
          .selectFrom('Plans')
          .select(['Id', 'Name', 'TransactionAmount as cents', 'FrequencyInterval', 'FrequencyType'])
          .orderBy('Id'),
      ),

    newest: (count) =>
      reader.all(
        tables
          .selectFrom('Subscriptions')
          .leftJoin('Plans', 'Plans.Id', 'Subscriptions.PlanId')
          .leftJoin('AspNetUsers', 'AspNetUsers.Id', 'Subscriptions.UserId')
          .select(({ fn }) => [
            fn.coalesce('Subscriptions.IdWritten', 'Subscriptions.Id').as('Id'),
            fn.coalesce('Subscriptions.UserIdWritten', 'Subscriptions.UserId').as('UserId'),
            'Subscriptions.Status',
            'Subscriptions.CurrentAmount',
            'Subscriptions.CurrentPeriodEndDate',
            'Plans.TransactionAmount as planCents',
            'Plans.Name as planName',
            'AspNetUsers.Name as userName',
            'AspNetUsers.Email as userEmail',
          ])
          .orderBy('Subscriptions.CreatedAt', 'desc')
          .orderBy(({ fn }) => fn.coalesce('Subscriptions.IdWritten', 'Subscriptions.Id'), 'desc')
          .limit(count),
      ),
  };
}
