import { type Static, Type } from '@sinclair/typebox';
import {
  Count,
  Days,
  Flag,
  InstantText,
  Key,
  Link,
  List,
  Money,
  MonthText,
  Nullable,
  Percentage,
  Text,
  WholeDays,
} from '../../core/runtime/schema.ts';

export const ClaimSummary = Type.Object(
  {
    TotalClaims: Count('Claims of every status', { en: 'Claims', pt: 'Reclamações' }),
    OpenedClaims: Count('Active claims', { en: 'Active claims', pt: 'Reclamações ativas', good: 'down' }),
    CriticalClaims: Count('Active claims open for more than 30 days', {
      en: 'Critical claims',
      pt: 'Reclamações críticas',
      good: 'down',
    }),
    TotalAmountAtRisk: Money('Amount of the active claims', {
      en: 'Amount at risk',
      pt: 'Valor em risco',
      good: 'down',
    }),
    DisputeRate: Percentage('Distinct payments with a claim ÷ payments', {
      en: 'Payments with a claim',
      pt: 'Pagamentos com reclamação',
      good: 'down',
    }),
    WinRate: Percentage('Won ÷ decided', { en: 'Claim win rate', pt: 'Taxa de reclamações ganhas', good: 'up' }),
    AverageDaysOpen: Days('Mean whole days that the active claims are open', {
      en: 'Average time open',
      pt: 'Tempo médio em aberto',
      good: 'down',
    }),
    AverageResolutionDays: Nullable(
      Days('Mean days from opening to decision; null when unknown', {
        en: 'Average time to decision',
        pt: 'Tempo médio até a decisão',
        good: 'down',
      }),
    ),
  },
  { $id: 'ClaimSummary' },
);
export type ClaimSummary = Static<typeof ClaimSummary>;

export const ClaimAnalytics = Type.Object(
  {
    id: Key('Key of the claim', { en: 'Id', pt: 'Código' }, 17),
    mp_claim_id: Nullable(
      Key(
        "Mercado Pago's id; null when unreadable",
        { en: 'Mercado Pago id', pt: 'Código no Mercado Pago' },
        5000000017,
      ),
    ),
    amount_at_risk: Money("Amount of the claim's payment, 0 without one", {
      en: 'Amount at risk',
      pt: 'Valor em risco',
      good: 'down',
    }),
    claim_type: Text('Type of the claim', { en: 'Reason', pt: 'Motivo' }, 'Mediations'),
    internal_status: Text('Status of the claim', { en: 'Status', pt: 'Situação' }, 'EmAnalise'),
    days_open: WholeDays('Whole 24-hour days since the claim was opened', {
      en: 'Days open',
      pt: 'Dias em aberto',
      good: 'down',
    }),
    panel_url: Link(
      "The claim in Mercado Pago's panel",
      { en: 'Mercado Pago panel', pt: 'Painel do Mercado Pago' },
      'https://www.mercadopago.com.br/developers/panel/notifications/claims/5000000017',
    ),
    is_critical: Flag('Open for more than 30 days', { en: 'Critical', pt: 'Crítica' }),
    current_stage: Nullable(Text('Stage of the claim; null when unknown', { en: 'Stage', pt: 'Etapa' }, 'Dispute')),
    user_name: Nullable(Text('Name of its user; null when unknown', { en: 'Customer', pt: 'Cliente' }, 'Ana Souza')),
    user_email: Nullable(
      Text('E-mail address of its user; null when unknown', { en: 'E-mail', pt: 'E-mail' }, 'ana@example.com'),
    ),
    date_created: Nullable(
      InstantText('When the claim was opened; null when unreadable', { en: 'Opened at', pt: 'Aberta em' }),
    ),
  },
  { $id: 'ClaimAnalytics' },
);
export type ClaimAnalytics = Static<typeof ClaimAnalytics>;

export const ClaimByReason = Type.Object(
  {
    Reason: Text('Type of the claim', { en: 'Reason', pt: 'Motivo' }, 'Mediations'),
    Count: Count('Claims', { en: 'Claims', pt: 'Reclamações' }),
    TotalAmount: Money('Amount of their payments', { en: 'Amount', pt: 'Valor' }),
    Percentage: Percentage('Share of all claims, by count', { en: 'Share', pt: 'Participação' }),
  },
  { $id: 'ClaimByReason' },
);
export type ClaimByReason = Static<typeof ClaimByReason>;

export const ClaimByStatus = Type.Object(
  {
    Status: Text('Status of the claim', { en: 'Status', pt: 'Situação' }, 'EmAnalise'),
    Count: Count('Claims', { en: 'Claims', pt: 'Reclamações' }),
    TotalAmount: Money('Amount of their payments', { en: 'Amount', pt: 'Valor' }),
    AverageDaysOpen: Days('Mean whole days since they were opened', {
      en: 'Average time open',
      pt: 'Tempo médio em aberto',
      good: 'down',
    }),
  },
  { $id: 'ClaimByStatus' },
);
export type ClaimByStatus = Static<typeof ClaimByStatus>;

export const ClaimTrend = Type.Object(
  {
    Period: MonthText('Calendar month', { en: 'Month', pt: 'Mês' }),
    ClaimsOpened: Count('Claims opened in the month', { en: 'New claims', pt: 'Novas reclamações', good: 'down' }),
    AmountAtRisk: Money('Amount of their payments', { en: 'Amount', pt: 'Valor', good: 'down' }),
  },
  { $id: 'ClaimTrend' },
);
export type ClaimTrend = Static<typeof ClaimTrend>;

export const RevenueAtRisk = Type.Object(
  { revenueAtRisk: Money('Amount of the active claims') },
  { $id: 'RevenueAtRisk' },
);

export const ClaimsData = Type.Object(
  {
    summary: ClaimSummary,
    active: List(ClaimAnalytics, 'Active claims, newest first', { en: 'Active claims', pt: 'Reclamações ativas' }),
    byReason: List(ClaimByReason, 'All claims by type, most first', {
      en: 'Claims by reason',
      pt: 'Reclamações por motivo',
    }),
    byStatus: List(ClaimByStatus, 'All claims by status', { en: 'Claims by status', pt: 'Reclamações por situação' }),
    trend: List(ClaimTrend, 'The last 12 months, oldest first', { en: 'Claims by month', pt: 'Reclamações por mês' }),
  },
  { $id: 'ClaimsData' },
);
export type ClaimsData = Static<typeof ClaimsData>;
