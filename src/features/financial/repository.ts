import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import type { Span } from '../../core/figures/span.ts';
import { sqlTables } from '../../core/sources/sources.ts';
import type { SqlReader } from '../../core/sources/sql/source.ts';

export const financialTables = sqlTables({
  Payments: ['UserId', 'Status', 'Method', 'Amount', 'CreatedAt'],
  Chargebacks: ['Status', 'Amount'],
});

/** Payments that share a spelling of the status and of the method. */
export interface PaymentGroup {
  Status: string;
  Method: string;
  count: number;
  cents: Cents;
}

export interface RecentPayments {
  /** Amount of those created in the first, shorter span. */
  monthCents: Cents;
  /** Amount of those created in the second, longer span. */
  yearCents: Cents;
}

export interface PaymentDay {
  day: string;
  count: number;
  cents: Cents;
}

export interface ChargebackGroup {
  Status: number;
  count: number;
  cents: Cents;
}

export interface FinancialRepository {
  groups(): Promise<PaymentGroup[]>;
  /** Distinct users over all payments. */
  customers(): Promise<number>;
  /**
   * Payments of the given spellings of a status in two spans.
   *
   * @param year holds all of `month`
   */
  recent(statuses: readonly string[], month: Span, year: Span): Promise<RecentPayments>;
  /** Payments of the given spellings of a status, by the day they were created on, from an instant on. */
  days(statuses: readonly string[], from: Instant): Promise<PaymentDay[]>;
  chargebacks(): Promise<ChargebackGroup[]>;
}

/** Queries only: no rule and no clock of its own. */
export function createFinancialRepository({ database, dialect }: SqlReader): FinancialRepository {
  return {
    groups: () =>
      database
        .selectFrom('Payments')
        .groupBy(({ ref }) => [dialect.exactText(ref('Status')), dialect.exactText(ref('Method'))])
        .select(({ fn, ref }) => [
          dialect.exactText(ref('Status')).as('Status'),
          dialect.exactText(ref('Method')).as('Method'),
          fn.countAll<number>().as('count'),
          fn.sum<number>(dialect.cents(ref('Amount'))).as('cents'),
        ])
        .execute(),

    async customers() {
      const { customers } = await database
        .selectFrom('Payments')
        .select(({ fn }) => fn.count<number>('UserId').distinct().as('customers'))
        .executeTakeFirstOrThrow();
      return customers;
    },

    recent: (statuses, month, year) =>
      database
        .selectFrom('Payments')
        .where('Status', 'in', statuses)
        .where('CreatedAt', '>=', dialect.at(year.from))
        .where('CreatedAt', '<', dialect.at(year.before))
        .select(({ fn, ref, eb, lit, case: when }) => {
          const cents = dialect.cents(ref('Amount'));
          const isInMonth = eb.and([
            eb('CreatedAt', '>=', dialect.at(month.from)),
            eb('CreatedAt', '<', dialect.at(month.before)),
          ]);
          const monthCents = when().when(isInMonth).then(cents).else(0).end();
          return [
            fn.coalesce(fn.sum<number>(monthCents), lit(0)).as('monthCents'),
            fn.coalesce(fn.sum<number>(cents), lit(0)).as('yearCents'),
          ];
        })
        .executeTakeFirstOrThrow(),

    days: (statuses, from) =>
      database
        .selectFrom('Payments')
        .where('CreatedAt', '>=', dialect.at(from))
        .where('Status', 'in', statuses)
        .groupBy(({ ref }) => dialect.day(ref('CreatedAt')))
        .select(({ fn, ref }) => [
          dialect.day(ref('CreatedAt')).as('day'),
          fn.countAll<number>().as('count'),
          fn.sum<number>(dialect.cents(ref('Amount'))).as('cents'),
        ])
        .execute(),

    chargebacks: () =>
      database
        .selectFrom('Chargebacks')
        .groupBy('Status')
        .select(({ fn, ref }) => [
          'Status',
          fn.countAll<number>().as('count'),
          fn.sum<number>(dialect.cents(ref('Amount'))).as('cents'),
        ])
        .execute(),
  };
}
