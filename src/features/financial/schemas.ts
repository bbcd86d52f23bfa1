import { type Static, Type } from '@sinclair/typebox';
import { Count, DayText, List, Money, Percentage } from '../../core/runtime/schema.ts';

export const PaymentSummary = Type.Object(
  {
    TotalPayments: Count('Payments of every status', { en: 'Payments', pt: 'Pagamentos', good: 'up' }),
    TotalApproved: Count('Approved payments', { en: 'Approved payments', pt: 'Pagamentos aprovados', good: 'up' }),
    TotalPending: Count('Payments that are pending or in process', {
      en: 'Pending payments',
      pt: 'Pagamentos pendentes',
    }),
    TotalCancelled: Count('Cancelled payments', {
      en: 'Cancelled payments',
      pt: 'Pagamentos cancelados',
      good: 'down',
    }),
    UniqueCustomers: Count('Distinct users over all payments', {
      en: 'Customers with a payment',
      pt: 'Clientes com pagamento',
      good: 'up',
    }),
    AvgTicket: Money('Mean amount of an approved payment, 0 without one', {
      en: 'Average ticket',
      pt: 'Ticket médio',
      good: 'up',
    }),
    ApprovalRate: Percentage('Approved ÷ all', { en: 'Approval rate', pt: 'Taxa de aprovação', good: 'up' }),
  },
  { $id: 'PaymentSummary', description: 'Payments by outcome' },
);
export type PaymentSummary = Static<typeof PaymentSummary>;

export const RevenueMetrics = Type.Object(
  {
    TotalRevenue: Money('Amount of all approved payments', {
      en: 'Approved revenue, all time',
      pt: 'Receita aprovada, desde o início',
      good: 'up',
    }),
    MonthlyRevenue: Money('Amount of those created in the last 30 days', {
      en: 'Approved revenue, last 30 days',
      pt: 'Receita aprovada, últimos 30 dias',
      good: 'up',
    }),
    YearlyRevenue: Money('Amount of those created in the last 365 days', {
      en: 'Approved revenue, last 365 days',
      pt: 'Receita aprovada, últimos 365 dias',
      good: 'up',
    }),
    TotalTransactions: Count('Approved payments', {
      en: 'Approved transactions',
      pt: 'Transações aprovadas',
      good: 'up',
    }),
    AverageTransactionValue: Money('Mean amount of an approved payment, 0 without one', {
      en: 'Average approved transaction',
      pt: 'Valor médio por transação aprovada',
      good: 'up',
    }),
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
    Date: DayText('Calendar day', { en: 'Day', pt: 'Dia' }),
    Amount: Money('Amount of the approved payments created on the day', {
      en: 'Approved revenue',
      pt: 'Receita aprovada',
      good: 'up',
    }),
    Count: Count('Approved payments created on the day', {
      en: 'Approved payments',
      pt: 'Pagamentos aprovados',
      good: 'up',
    }),
  },
  { $id: 'RevenueByDay', description: 'Revenue of a day' },
);
export type RevenueByDay = Static<typeof RevenueByDay>;

export const ChargebackSummary = Type.Object(
  {
    TotalChargebacks: Count('Chargebacks of every status', { en: 'Chargebacks', pt: 'Chargebacks', good: 'down' }),
    TotalAmount: Money('Amount of all chargebacks', {
      en: 'Chargeback amount',
      pt: 'Valor dos chargebacks',
      good: 'down',
    }),
    Novo: Count('New ones', { en: 'New chargebacks', pt: 'Chargebacks novos', good: 'down' }),
    AguardandoEvidencias: Count('Those that wait for evidence', {
      en: 'Chargebacks awaiting evidence',
      pt: 'Chargebacks aguardando evidências',
      good: 'down',
    }),
    EvidenciasEnviadas: Count('Those with evidence sent', {
      en: 'Chargebacks with evidence sent',
      pt: 'Chargebacks com evidências enviadas',
    }),
    Ganhamos: Count('Those won', { en: 'Chargebacks won', pt: 'Chargebacks ganhos', good: 'up' }),
    Perdemos: Count('Those lost', { en: 'Chargebacks lost', pt: 'Chargebacks perdidos', good: 'down' }),
    WinRate: Percentage('Won ÷ decided', { en: 'Chargeback win rate', pt: 'Taxa de chargebacks ganhos', good: 'up' }),
  },
  { $id: 'ChargebackSummary', description: 'Chargebacks by status' },
);
export type ChargebackSummary = Static<typeof ChargebackSummary>;

export const FinancialData = Type.Object(
  {
    payments: PaymentSummary,
    revenue: RevenueMetrics,
    revenueByDay: List(RevenueByDay, 'The last 90 days, oldest first', {
      en: 'Approved revenue by day',
      pt: 'Receita aprovada por dia',
    }),
    chargebacks: ChargebackSummary,
  },
  { $id: 'FinancialData', description: 'Every figure of the feature' },
);
export type FinancialData = Static<typeof FinancialData>;
