import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { financialHub } from './hub.ts';
import { createFinancialRepository, financialObjects, financialReads } from './repository.ts';
import { ChargebackSummary, FinancialData, PaymentSummary, RevenueByDay, RevenueMetrics } from './schemas.ts';
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
  figures: (reader, moment) => createFinancialService(createFinancialRepository(reader)).snapshot(moment),
  parts: [
    ...parts('summary', 'Payments by outcome', PaymentSummary, (data: FinancialData) => data.payments),
    ...parts('revenue', 'Revenue of approved payments', RevenueMetrics, (data: FinancialData) => data.revenue),
    ...parts(
      'revenue-by-day',
      'Revenue of the last 90 calendar days, oldest first',
      Type.Array(RevenueByDay),
      (data: FinancialData) => data.revenueByDay,
    ),
    ...parts(
      'chargebacks/summary',
      'Chargebacks by status',
      ChargebackSummary,
      (data: FinancialData) => data.chargebacks,
    ),
  ],
  hub: financialHub,
});
