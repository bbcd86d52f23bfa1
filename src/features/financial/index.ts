import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { financialHub } from './hub.ts';
import { createFinancialRepository, financialObjects, financialReads } from './repository.ts';
import { FinancialData } from './schemas.ts';
import { createFinancialService } from './service.ts';

export const financial = defineFeature({
  name: 'financial',
  title: { en: 'Financial', pt: 'Financeiro' },
  description: 'Payments by outcome, revenue by method and day, and chargebacks',
  source: 'sql',
  reads: financialReads,
  objects: financialObjects,
  schema: FinancialData,
  headlines: [
    'revenue.MonthlyRevenue',
    'payments.TotalApproved',
    'payments.ApprovalRate',
    'payments.AvgTicket',
    'chargebacks.TotalChargebacks',
  ],
  sheets: [
    { name: 'Financeiro', figures: ['payments', 'revenue'] },
    { name: 'Receita', list: 'revenueByDay' },
    { name: 'Risco_Chargeback', figures: ['chargebacks'] },
  ],
  repository: createFinancialRepository,
  service: createFinancialService,
  parts: partsOf(FinancialData, {
    payments: 'summary',
    revenue: 'revenue',
    revenueByDay: 'revenue-by-day',
    chargebacks: 'chargebacks/summary',
  }),
  hub: financialHub,
});
