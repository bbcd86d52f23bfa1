import { type Static, Type } from '@sinclair/typebox';
import { Count, DayText, Money, Percentage } from '../../core/runtime/schema.ts';

export const PaymentSummary = Type.Object(
  {
    TotalPayments: Count('Payments of every status'),
    TotalApproved: Count('Approved payments'),
    TotalPending: Count('Payments that are pending or in process'),
    TotalCancelled: Count('Cancelled payments'),
    UniqueCustomers: Count('Distinct users over all payments'),
    AvgTicket: Money('Mean amount of an approved payment, 0 without one'),
    ApprovalRate: Percentage('Approved ÷ all'),
  },
  { $id: 'PaymentSummary', description: 'Payments by outcome' },
);
export type PaymentSummary = Static<typeof PaymentSummary>;

export const RevenueMetrics = Type.Object(
  {
    TotalRevenue: Money('Amount of all approved payments'),
    MonthlyRevenue: Money('Amount of those created in the last 30 days'),
    YearlyRevenue: Money('Amount of those created in the last 365 days'),
    TotalTransactions: Count('Approved payments'),
    AverageTransactionValue: Money('Mean amount of an approved payment, 0 without one'),
    TopPaymentMethod: Type.String({ description: 'Method with most amount; "N/A" if none', examples: ['pix'] }),
    PaymentMethodDistribution: Type.Record(Type.String(), Type.Number(), {
      description: 'Amount by method, in BRL, most first',
      examples: [{ pix: 8120.5, credit_card: 4310 }],
    }),
  },
  { $id: 'RevenueMetrics', description: 'Revenue of approved payments' },
);
export type RevenueMetrics = Static<typeof RevenueMetrics>;

export const RevenueByDay = Type.Object(
  {
    Date: DayText('Calendar day'),
    Amount: Money('Amount of the approved payments created on the day'),
    Count: Count('Approved payments created on the day'),
  },
  { $id: 'RevenueByDay', description: 'Revenue of a day' },
);
export type RevenueByDay = Static<typeof RevenueByDay>;

export const ChargebackSummary = Type.Object(
  {
    TotalChargebacks: Count('Chargebacks of every status'),
    TotalAmount: Money('Amount of all chargebacks'),
    Novo: Count('New ones'),
    AguardandoEvidencias: Count('Those that wait for evidence'),
    EvidenciasEnviadas: Count('Those with evidence sent'),
    Ganhamos: Count('Those won'),
    Perdemos: Count('Those lost'),
    WinRate: Percentage('Won ÷ decided'),
  },
  { $id: 'ChargebackSummary', description: 'Chargebacks by status' },
);
export type ChargebackSummary = Static<typeof ChargebackSummary>;

export const FinancialData = Type.Object(
  {
    payments: PaymentSummary,
    revenue: RevenueMetrics,
    revenueByDay: Type.Array(RevenueByDay, { description: 'The last 90 days, oldest first' }),
    chargebacks: ChargebackSummary,
  },
  { $id: 'FinancialData', description: 'Every figure of the feature' },
);
export type FinancialData = Static<typeof FinancialData>;
