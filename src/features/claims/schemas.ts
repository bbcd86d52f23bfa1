import { type Static, Type } from '@sinclair/typebox';
import { Count, InstantText, Money, Nullable, Percentage } from '../../core/runtime/schema.ts';

export const ClaimSummary = Type.Object(
  {
    TotalClaims: Count('Claims of every status'),
    OpenedClaims: Count('Active claims'),
    CriticalClaims: Count('Active claims open for more than 30 days'),
    TotalAmountAtRisk: Money('Amount of the active claims'),
    DisputeRate: Percentage('Distinct payments with a claim ÷ payments'),
    WinRate: Percentage('Won ÷ decided'),
    AverageDaysOpen: Type.Number({ description: 'Mean whole days that the active claims are open', examples: [12.5] }),
    AverageResolutionDays: Nullable(Type.Number(), {
      description: 'Mean days from opening to decision; null when unknown',
      examples: [8.25],
    }),
  },
  { $id: 'ClaimSummary' },
);
export type ClaimSummary = Static<typeof ClaimSummary>;

export const ClaimAnalytics = Type.Object(
  {
    id: Type.Integer({ examples: [17] }),
    mp_claim_id: Nullable(Type.Integer(), {
      description: "Mercado Pago's id; null when unreadable",
      examples: [5000000017],
    }),
    amount_at_risk: Money("Amount of the claim's payment, 0 without one"),
    claim_type: Type.String({ examples: ['Mediations'] }),
    internal_status: Type.String({ examples: ['EmAnalise'] }),
    days_open: Count('Whole 24-hour days since the claim was opened'),
    panel_url: Type.String({
      format: 'uri',
      examples: ['https://www.mercadopago.com.br/developers/panel/notifications/claims/5000000017'],
    }),
    is_critical: Type.Boolean({ description: 'Open for more than 30 days' }),
    current_stage: Nullable(Type.String(), { examples: ['Dispute'] }),
    user_name: Nullable(Type.String(), { examples: ['Ana Souza'] }),
    user_email: Nullable(Type.String(), { examples: ['ana@example.com'] }),
    date_created: Nullable(InstantText('When the claim was opened'), { description: 'Null when unreadable' }),
  },
  { $id: 'ClaimAnalytics' },
);
export type ClaimAnalytics = Static<typeof ClaimAnalytics>;

export const ClaimByReason = Type.Object(
  {
    Reason: Type.String({ description: 'Type of the claim', examples: ['Mediations'] }),
    Count: Count('Claims'),
    TotalAmount: Money('Amount of their payments'),
    Percentage: Percentage('Share of all claims, by count'),
  },
  { $id: 'ClaimByReason' },
);
export type ClaimByReason = Static<typeof ClaimByReason>;

export const ClaimByStatus = Type.Object(
  {
    Status: Type.String({ examples: ['EmAnalise'] }),
    Count: Count('Claims'),
    TotalAmount: Money('Amount of their payments'),
    AverageDaysOpen: Type.Number({ description: 'Mean whole days since they were opened', examples: [12.5] }),
  },
  { $id: 'ClaimByStatus' },
);
export type ClaimByStatus = Static<typeof ClaimByStatus>;

export const ClaimTrend = Type.Object(
  {
    Period: Type.String({ description: 'Calendar month', pattern: '^\\d{4}-\\d{2}$', examples: ['2026-03'] }),
    ClaimsOpened: Count('Claims opened in the month'),
    AmountAtRisk: Money('Amount of their payments'),
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
    active: Type.Array(ClaimAnalytics),
    byReason: Type.Array(ClaimByReason),
    byStatus: Type.Array(ClaimByStatus),
    trend: Type.Array(ClaimTrend),
  },
  { $id: 'ClaimsData' },
);
export type ClaimsData = Static<typeof ClaimsData>;
