import { type Instant, lastDays, startOfDay } from '../../core/figures/calendar.ts';
import { foldText, mergeByCode } from '../../core/figures/codes.ts';
import { type Cents, meanReais, toReais } from '../../core/figures/money.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage } from '../../core/figures/rounding.ts';
import { lastDaysTo } from '../../core/figures/span.ts';
import type { Content } from '../../core/runtime/snapshot.ts';
import { paymentStatuses } from '../../core/sources/sql/spellings.ts';
import { CHARGEBACK_STATUSES } from './enums.ts';
import type { ChargebackGroup, FinancialRepository, PaymentDay, PaymentGroup, RecentPayments } from './repository.ts';
import type { ChargebackSummary, FinancialData, PaymentSummary, RevenueByDay, RevenueMetrics } from './schemas.ts';

const MONTH_DAYS = 30;
const YEAR_DAYS = 365;
const REVENUE_DAYS = 90;

export interface FinancialService {
  /** Every figure of the feature, as of `now`. */
  snapshot(now: Instant): Promise<Content<FinancialData>>;
}

export function createFinancialService(repository: FinancialRepository): FinancialService {
  return {
    async snapshot(now) {
      const groups = await repository.groups();
      const customers = await repository.customers();
      const chargebacks = await repository.chargebacks();
      const approved = groups.filter(({ Status }) => paymentStatuses.find(Status) === 'approved');
      const spellings = [...new Set(approved.map(({ Status }) => Status))];
      const none = spellings.length === 0;
      const [month, year] = [lastDaysTo(now, MONTH_DAYS), lastDaysTo(now, YEAR_DAYS)];
      const recent = none ? NOTHING_RECENT : await repository.recent(spellings, month, year);
      const days = none ? [] : await repository.days(spellings, startOfDay(now, REVENUE_DAYS - 1));
      return {
        data: {
          payments: summarizePayments(groups, customers, approved),
          revenue: measureRevenue(approved, recent),
          revenueByDay: revenueOfDays(days, now),
          chargebacks: summarizeChargebacks(chargebacks),
        },
        unavailable: [],
      };
    },
  };
}

/** Sums over a set of payments. */
interface PaymentTotals {
  readonly count: number;
  readonly cents: Cents;
}

const NOTHING: PaymentTotals = { count: 0, cents: 0 };
const NOTHING_RECENT: RecentPayments = { monthCents: 0, yearCents: 0 };

function add(totals: PaymentTotals, group: PaymentGroup): PaymentTotals {
  return { count: totals.count + group.count, cents: totals.cents + group.cents };
}

function summarizePayments(
  groups: readonly PaymentGroup[],
  customers: number,
  approved: readonly PaymentGroup[],
): PaymentSummary {
  const byStatus = mergeByCode(
    groups,
    ({ Status }) => paymentStatuses.name(Status),
    () => 0,
    (total, { count }) => total + count,
  );
  const countOf = (code: (typeof paymentStatuses.codes)[number]) => byStatus.get(code) ?? 0;
  const all = groups.reduce(add, NOTHING);
  const paid = approved.reduce(add, NOTHING);
  return {
    TotalPayments: all.count,
    TotalApproved: paid.count,
    TotalPending: countOf('pending') + countOf('in_process'),
    TotalCancelled: countOf('cancelled'),
    UniqueCustomers: customers,
    AvgTicket: meanReais(paid.cents, paid.count),
    ApprovalRate: percentage(paid.count, all.count),
  };
}

function measureRevenue(approved: readonly PaymentGroup[], { monthCents, yearCents }: RecentPayments): RevenueMetrics {
  const { count, cents } = approved.reduce(add, NOTHING);
  const byMethod = mergeByCode(
    approved,
    ({ Method }) => foldText(Method),
    () => NOTHING,
    add,
  );
  const mostFirst = [...byMethod].sort(
    ([leftName, left], [rightName, right]) => right.cents - left.cents || compareText(leftName, rightName),
  );
  return {
    TotalRevenue: toReais(cents),
    MonthlyRevenue: toReais(monthCents),
    YearlyRevenue: toReais(yearCents),
    TotalTransactions: count,
    AverageTransactionValue: meanReais(cents, count),
    TopPaymentMethod: mostFirst[0]?.[0] ?? 'N/A',
    PaymentMethodDistribution: Object.fromEntries(mostFirst.map(([method, total]) => [method, toReais(total.cents)])),
  };
}

function revenueOfDays(days: readonly PaymentDay[], now: Instant): RevenueByDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  return lastDays(now, REVENUE_DAYS).map((date) => ({
    Date: date,
    Amount: toReais(byDay.get(date)?.cents ?? 0),
    Count: byDay.get(date)?.count ?? 0,
  }));
}

function summarizeChargebacks(groups: readonly ChargebackGroup[]): ChargebackSummary {
  const countOf = (name: (typeof CHARGEBACK_STATUSES)[number]) =>
    groups.find(({ Status }) => CHARGEBACK_STATUSES[Status] === name)?.count ?? 0;
  const won = countOf('Ganhamos');
  const lost = countOf('Perdemos');
  return {
    TotalChargebacks: groups.reduce((total, { count }) => total + count, 0),
    TotalAmount: toReais(groups.reduce((total, { cents }) => total + cents, 0)),
    Novo: countOf('Novo'),
    AguardandoEvidencias: countOf('AguardandoEvidencias'),
    EvidenciasEnviadas: countOf('EvidenciasEnviadas'),
    Ganhamos: won,
    Perdemos: lost,
    WinRate: percentage(won, won + lost),
  };
}
