import { defineFeature, parts, partsOf } from '../../core/runtime/define-feature.ts';
import { claimsHub } from './hub.ts';
import { claimsObjects, claimsReads, createClaimsRepository } from './repository.ts';
import { ClaimsData, RevenueAtRisk } from './schemas.ts';
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
  sheets: [{ name: 'Claims_Data', list: 'active' }],
  repository: createClaimsRepository,
  service: createClaimsService,
  parts: [
    ...partsOf(ClaimsData, { summary: ['summary', 'kpis'], active: 'active' }),
    ...parts(
      'critical',
      'Active claims open for more than 30 days, newest first',
      ClaimsData.properties.active,
      ({ active }: ClaimsData) => active.filter(({ is_critical }) => is_critical),
    ),
    ...partsOf(ClaimsData, { byReason: 'by-reason', byStatus: 'by-status', trend: 'trend' }),
    ...parts('revenue-at-risk', 'Amount of the active claims', RevenueAtRisk, ({ summary }: ClaimsData) => ({
      revenueAtRisk: summary.TotalAmountAtRisk,
    })),
  ],
  hub: claimsHub,
});
