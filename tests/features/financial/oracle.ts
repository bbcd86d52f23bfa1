import { canonical, method, paymentStatuses } from '../../oracle/codes.ts';
import { brl, compare, mean, percentage, rounded, sum } from '../../oracle/exact.ts';
import type { Answer, Company, PaymentRow } from '../../oracle/rows.ts';
import { byText, dateOf, grouped, lastDates, sorted, withinLastDays } from '../../oracle/rules.ts';
import { defaultZone } from '../../oracle/zones.ts';

/** The contract's section 3, "financial". */
export function financialOracle(company: Company, now: number, timeZone: string = defaultZone): Answer {
  const payments = company.Payments;
  const withStatus = (...statuses: string[]) => paymentsWith(company, ...statuses);
  const approved = withStatus('approved');
  const amounts = (some: readonly { readonly Amount: number }[]) => some.map(({ Amount }) => brl(Amount));
  const total = (some: readonly { readonly Amount: number }[]) => rounded(sum(amounts(some)));
  const approvedOfLastDays = (days: number) => approved.filter((row) => withinLastDays(row.CreatedAt, now, days));
  const byDate = new Map(grouped(approved, ({ CreatedAt }) => dateOf(CreatedAt, timeZone)));
  const methods = methodsByAmount(company);
  const chargebacksWith = (code: number) => company.Chargebacks.filter(({ Status }) => Status === code).length;

  return {
    data: {
      payments: {
        TotalPayments: payments.length,
        TotalApproved: approved.length,
        TotalPending: withStatus('pending', 'in_process').length,
        TotalCancelled: withStatus('cancelled').length,
        UniqueCustomers: new Set(payments.flatMap(({ UserId }) => UserId ?? [])).size,
        AvgTicket: rounded(mean(amounts(approved))),
        ApprovalRate: percentage(approved.length, payments.length),
      },
      revenue: {
        TotalRevenue: total(approved),
        MonthlyRevenue: total(approvedOfLastDays(30)),
        YearlyRevenue: total(approvedOfLastDays(365)),
        TotalTransactions: approved.length,
        AverageTransactionValue: rounded(mean(amounts(approved))),
        TopPaymentMethod: methods[0]?.[0] ?? 'N/A',
        PaymentMethodDistribution: Object.fromEntries(methods),
      },
      revenueByDay: lastDates(now, 90, timeZone).map((date) => {
        const some = byDate.get(date) ?? [];
        return { Date: date, Amount: total(some), Count: some.length };
      }),
      chargebacks: {
        TotalChargebacks: company.Chargebacks.length,
        TotalAmount: total(company.Chargebacks),
        Novo: chargebacksWith(0),
        AguardandoEvidencias: chargebacksWith(1),
        EvidenciasEnviadas: chargebacksWith(2),
        Ganhamos: chargebacksWith(3),
        Perdemos: chargebacksWith(4),
        WinRate: percentage(chargebacksWith(3), chargebacksWith(3) + chargebacksWith(4)),
      },
    },
    unavailable: [],
  };
}

/** Most first. Names made of digits cannot keep their place in an object: JavaScript lists those first. */
export function methodsByAmount(company: Company): [method: string, amount: number][] {
  const totals = grouped(paymentsWith(company, 'approved'), ({ Method }) => method(Method)).map(
    ([name, some]) => [name, sum(some.map(({ Amount }) => brl(Amount)))] as const,
  );
  return sorted(
    totals,
    ([, left], [, right]) => compare(right, left),
    ([left], [right]) => byText(left, right),
  ).map(([name, amount]) => [name, rounded(amount)]);
}

function paymentsWith({ Payments }: Company, ...statuses: string[]): PaymentRow[] {
  return Payments.filter(({ Status }) => statuses.includes(canonical(paymentStatuses, Status)));
}
