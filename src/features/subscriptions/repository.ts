import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import type { Span } from '../../core/figures/span.ts';
import { sqlTables } from '../../core/sources/sources.ts';
import type { SqlReader } from '../../core/sources/sql/source.ts';

export const subscriptionsTables = sqlTables({
  Subscriptions: ['Id', 'UserId', 'Status', 'PlanId', 'CurrentPeriodEndDate', 'CreatedAt', 'UpdatedAt'],
  Plans: ['Id', 'Name', 'TransactionAmount', 'FrequencyInterval', 'FrequencyType'],
  AspNetUsers: ['Id', 'Name', 'Email'],
});

/** Subscriptions that share a spelling of the status, and a plan. */
export interface SubscriptionGroup {
  Status: string;
  PlanId: number;
  count: number;
  /** Sum of `CurrentAmount`, in whole BRL; absent without the column. */
  reais?: number;
  /** How many have a period that ends in the span asked for. */
  ending: number;
  /** How many were created by the cut-off. */
  createdBefore: number;
  /** How many of those were updated after it. */
  updatedSince: number;
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
  UserId: string;
  Status: string;
  /** `CurrentAmount`, in whole BRL; absent without the column. */
  reais?: number;
  periodEnd: Instant;
  planCents: Cents | null;
  planName: string | null;
  userName: string | null;
  userEmail: string | null;
}

export interface SubscriptionsRepository {
  /** @param cutoff the last instant of what counts as before */
  groups(ending: Span, cutoff: Instant): Promise<SubscriptionGroup[]>;
  plans(): Promise<Plan[]>;
  newest(count: number): Promise<ListedSubscription[]>;
}

/** Queries only: no rule and no clock of its own. */
export function createSubscriptionsRepository({ database, dialect, columns }: SqlReader): SubscriptionsRepository {
  const knowsAmount = columns.has('Subscriptions', 'CurrentAmount');

  return {
    groups: (ending, cutoff) =>
      database
        .selectFrom('Subscriptions')
        .groupBy(({ ref }) => [dialect.exactText(ref('Status')), 'PlanId'])
        .select(({ fn, ref, eb, case: when }) => {
          // The first instant past the cut-off: SQL Server keeps digits finer than a millisecond.
          const after = dialect.at(cutoff + 1);
          const isEnding = eb.and([
            eb('CurrentPeriodEndDate', '>=', dialect.at(ending.from)),
            eb('CurrentPeriodEndDate', '<', dialect.at(ending.before)),
          ]);
          const isUpdatedSince = eb.and([eb('CreatedAt', '<', after), eb('UpdatedAt', '>=', after)]);
          return [
            dialect.exactText(ref('Status')).as('Status'),
            'PlanId',
            fn.countAll<number>().as('count'),
            fn.sum<number>(when().when(isEnding).then(1).else(0).end()).as('ending'),
            fn.sum<number>(when().when('CreatedAt', '<', after).then(1).else(0).end()).as('createdBefore'),
            fn.sum<number>(when().when(isUpdatedSince).then(1).else(0).end()).as('updatedSince'),
          ];
        })
        .$if(knowsAmount, (groups) =>
          groups.select(({ fn, cast }) => fn.sum<number>(cast('CurrentAmount', 'bigint')).as('reais')),
        )
        .execute(),

    plans: () =>
      database
        .selectFrom('Plans')
        .select(({ ref }) => [
          'Id',
          'Name',
          dialect.cents(ref('TransactionAmount')).as('cents'),
          'FrequencyInterval',
          'FrequencyType',
        ])
        .orderBy('Id')
        .execute(),

    newest(count) {
      const newestFirst = database
        .selectFrom('Subscriptions')
        .leftJoin('Plans', 'Plans.Id', 'Subscriptions.PlanId')
        .leftJoin('AspNetUsers', 'AspNetUsers.Id', 'Subscriptions.UserId')
        .select(({ ref }) => [
          'Subscriptions.Id',
          'Subscriptions.UserId',
          'Subscriptions.Status',
          dialect.instant(ref('Subscriptions.CurrentPeriodEndDate')).as('periodEnd'),
          dialect.cents(ref('Plans.TransactionAmount')).as('planCents'),
          'Plans.Name as planName',
          'AspNetUsers.Name as userName',
          'AspNetUsers.Email as userEmail',
        ])
        .$if(knowsAmount, (listed) => listed.select('Subscriptions.CurrentAmount as reais'))
        .orderBy('Subscriptions.CreatedAt', 'desc')
        .orderBy(({ ref }) => dialect.exactText(ref('Subscriptions.Id')), 'desc');
      return dialect.firstRows(newestFirst, count).execute();
    },
  };
}
