import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { claimsHub } from './hub.ts';
import { claimsObjects, claimsReads, createClaimsRepository } from './repository.ts';
import {
  ClaimAnalytics,
  ClaimByReason,
  ClaimByStatus,
  ClaimSummary,
  ClaimsData,
  ClaimTrend,
  RevenueAtRisk,
} from './schemas.ts';
import { createClaimsService } from './service.ts';

export const claims = defineFeature({
  name: 'claims',
  title: { en: 'Claims', pt: 'Reclamações' },
  description: 'Disputes that buyers opened at Mercado Pago, and the money they put at risk',
  source: 'sql',
  reads: claimsReads,
  objects: claimsObjects,
  schema: ClaimsData,
  headlines: [
    'summary.CriticalClaims',
    'summary.OpenedClaims',
    'summary.TotalAmountAtRisk',
    'summary.AverageDaysOpen',
    'summary.WinRate',
  ],
  figures: (reader, moment) => createClaimsService(createClaimsRepository(reader)).snapshot(moment),
  parts: [
    ...parts(['summary', 'kpis'], 'Key figures of the claims', ClaimSummary, (data: ClaimsData) => data.summary),
    ...parts('active', 'Active claims, newest first', Type.Array(ClaimAnalytics), (data: ClaimsData) => data.active),
    ...parts(
      'critical',
      'Active claims open for more than 30 days, newest first',
      Type.Array(ClaimAnalytics),
      (data: ClaimsData) => data.active.filter(({ is_critical }) => is_critical),
    ),
    ...parts('by-reason', 'Claims by type', Type.Array(ClaimByReason), (data: ClaimsData) => data.byReason),
    ...parts('by-status', 'Claims by status', Type.Array(ClaimByStatus), (data: ClaimsData) => data.byStatus),
    ...parts('trend', 'Claims opened in the last 12 months', Type.Array(ClaimTrend), (data: ClaimsData) => data.trend),
    ...parts('revenue-at-risk', 'Amount of the active claims', RevenueAtRisk, ({ summary }: ClaimsData) => ({
      revenueAtRisk: summary.TotalAmountAtRisk,
    })),
  ],
  hub: claimsHub,
});
