import type { Instant } from '../../core/figures/calendar.ts';
import type { Span } from '../../core/figures/span.ts';
import { sqlTables } from '../../core/sources/sources.ts';
import type { SqlReader } from '../../core/sources/sql/source.ts';

export const usersTables = sqlTables({
  AspNetUsers: ['Id', 'Name', 'Email', 'EmailConfirmed'],
  Payments: ['UserId', 'Status'],
  Subscriptions: ['UserId', 'Status'],
});

export interface UserTotals {
  count: number;
  confirmed: number;
  /** How many were created in the span asked for; absent without the column. */
  recent?: number;
}

export interface UserRow {
  Id: string;
  Name: string | null;
  Email: string | null;
  /** 1 or 0. */
  confirmed: number;
  /** Absent without the column. */
  created?: Instant | null;
}

export interface UsersRepository {
  /** Whether `AspNetUsers.CreatedAt` exists. */
  readonly knowsCreation: boolean;
  totals(recent: Span): Promise<UserTotals>;
  /** Every spelling that stands in `Payments.Status`. */
  paymentStatuses(): Promise<string[]>;
  /** Every spelling that stands in `Subscriptions.Status`. */
  subscriptionStatuses(): Promise<string[]>;
  /** Users with a payment whose status has one of the given spellings. */
  withPayment(statuses: readonly string[]): Promise<number>;
  /** Users with a subscription whose status has one of the given spellings. */
  withSubscription(statuses: readonly string[]): Promise<number>;
  newest(count: number): Promise<UserRow[]>;
}

/** Queries only: no rule and no clock of its own. */
export function createUsersRepository({ database, dialect, columns }: SqlReader): UsersRepository {
  const knowsCreation = columns.has('AspNetUsers', 'CreatedAt');

  return {
    knowsCreation,

    totals: ({ from, before }) =>
      database
        .selectFrom('AspNetUsers')
        .select(({ fn, ref, lit }) => [
          fn.countAll<number>().as('count'),
          fn.coalesce(fn.sum<number>(dialect.flag(ref('EmailConfirmed'))), lit(0)).as('confirmed'),
        ])
        .$if(knowsCreation, (totals) =>
          totals.select(({ fn, eb, lit, case: when }) => {
            const isRecent = eb.and([
              eb('CreatedAt', '>=', dialect.at(from)),
              eb('CreatedAt', '<', dialect.at(before)),
            ]);
            return fn.coalesce(fn.sum<number>(when().when(isRecent).then(1).else(0).end()), lit(0)).as('recent');
          }),
        )
        .executeTakeFirstOrThrow(),

    async paymentStatuses() {
      const rows = await database
        .selectFrom('Payments')
        .distinct()
        .select(({ ref }) => dialect.exactText(ref('Status')).as('Status'))
        .execute();
      return rows.map(({ Status }) => Status);
    },

    async subscriptionStatuses() {
      const rows = await database
        .selectFrom('Subscriptions')
        .distinct()
        .select(({ ref }) => dialect.exactText(ref('Status')).as('Status'))
        .execute();
      return rows.map(({ Status }) => Status);
    },

    async withPayment(statuses) {
      const { users } = await database
        .selectFrom('AspNetUsers')
        .where(({ eb, selectFrom }) =>
          eb('Id', 'in', selectFrom('Payments').where('Status', 'in', statuses).select('UserId')),
        )
        .select(({ fn }) => fn.countAll<number>().as('users'))
        .executeTakeFirstOrThrow();
      return users;
    },

    async withSubscription(statuses) {
      const { users } = await database
        .selectFrom('AspNetUsers')
        .where(({ eb, selectFrom }) =>
          eb('Id', 'in', selectFrom('Subscriptions').where('Status', 'in', statuses).select('UserId')),
        )
        .select(({ fn }) => fn.countAll<number>().as('users'))
        .executeTakeFirstOrThrow();
      return users;
    },

    newest(count) {
      const newestFirst = database
        .selectFrom('AspNetUsers')
        .select(({ ref }) => ['Id', 'Name', 'Email', dialect.flag(ref('EmailConfirmed')).as('confirmed')])
        // Both engines take a missing instant for the smallest one, so that descending puts it last.
        .$if(knowsCreation, (users) =>
          users.select(({ ref }) => dialect.instant(ref('CreatedAt')).as('created')).orderBy('CreatedAt', 'desc'),
        )
        .orderBy(({ ref }) => dialect.exactText(ref('Id')), 'desc');
      return dialect.firstRows(newestFirst, count).execute();
    },
  };
}
