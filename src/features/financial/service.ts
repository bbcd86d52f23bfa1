import { CHARGEBACK_STATUSES, type paymentStatuses } from '../../company/codes.ts';
import { mergeByCode } from '../../core/figures/codes.ts';
import { type Cents, meanReais, toReais } from '../../core/figures/money.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage } from '../../core/figures/rounding.ts';
import { lastDaysTo } from '../../core/figures/span.ts';
import type { FeatureService } from '../../core/runtime/define-feature.ts';
import type { ChargebackGroup, FinancialRepository, PaymentGroup, Revenue } from './repository.ts';
import type { FinancialData } from './schemas.ts';

const MONTH_DAYS = 30;
const YEAR_DAYS = 365;
const REVENUE_DAYS = 90;

export function createFinancialService(repository: FinancialRepository): FeatureService<FinancialData> {
  return {
    snapshot({ now, calendar }) {
      const groups = repository.groups();
      const approved = groups.filter(({ Status }) => Status === 'approved');
      const days = calendar.lastDays(now, REVENUE_DAYS);
      const revenue = repository.revenue([lastDaysTo(now, MONTH_DAYS), lastDaysTo(now, YEAR_DAYS), ...days]);
      const bySpan = new Map(revenue.map((row) => [row.span, row]));
      const revenueOf = (span: number) => bySpan.get(span) ?? { ...NOTHING, span };
      return {
        data: {
          payments: summarizePayments(groups, repository.customers(), approved),
          revenue: measureRevenue(approved, revenueOf(0), revenueOf(1)),
          revenueByDay: days.map(({ name }, index) => revenueOfDay(name, revenueOf(2 + index))),
          chargebacks: summarizeChargebacks(repository.chargebacks()),
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

function add(totals: PaymentTotals, group: PaymentGroup): PaymentTotals {
  return { count: totals.count + group.count, cents: totals.cents + group.cents };
}

function summarizePayments(
  groups: readonly PaymentGroup[],
  customers: number,
  approved: readonly PaymentGroup[],
): FinancialData['payments'] {
  const countOf = (code: (typeof paymentStatuses.codes)[number]) =>
    groups.filter(({ Status }) => Status === code).reduce(add, NOTHING).count;
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

function measureRevenue(approved: readonly PaymentGroup[], month: Revenue, year: Revenue): FinancialData['revenue'] {
  const { count, cents } = approved.reduce(add, NOTHING);
  const byMethod = mergeByCode(
    approved,
    ({ Method }) => Method,
    () => NOTHING,
    add,
  );
  const mostFirst = [...byMethod].sort(
    ([leftName, left], [rightName, right]) => right.cents - left.cents || compareText(leftName, rightName),
  );
  return {
    TotalRevenue: toReais(cents),
    MonthlyRevenue: toReais(month.cents),
    YearlyRevenue: toReais(year.cents),
    TotalTransactions: count,
    AverageTransactionValue: meanReais(cents, count),
    TopPaymentMethod: mostFirst[0]?.[0] ?? 'N/A',
    PaymentMethodDistribution: Object.fromEntries(mostFirst.map(([method, total]) => [method, toReais(total.cents)])),
  };
}

function revenueOfDay(date: string, { count, cents }: Revenue): FinancialData['revenueByDay'][number] {
  return { Date: date, Amount: toReais(cents), Count: count };
}

function summarizeChargebacks(groups: readonly ChargebackGroup[]): FinancialData['chargebacks'] {
  const countOf = (name: (typeof CHARGEBACK_STATUSES)[number]) =>
    groups.find(({ Status }) => Status === CHARGEBACK_STATUSES.indexOf(name))?.count ?? 0;
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
