import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { ChargebackSummary, type FinancialData, PaymentSummary, RevenueMetrics } from './schemas.ts';

const RevenueUpdate = Type.Object(
  { revenue: RevenueMetrics, type: EmissionType },
  { $id: 'RevenueUpdate', description: 'Revenue, and why it is sent' },
);

const FinancialUpdate = Type.Object(
  { paymentSummary: PaymentSummary, revenue: RevenueMetrics, chargebacks: ChargebackSummary, type: EmissionType },
  { $id: 'FinancialUpdate', description: 'Payments, revenue and chargebacks, and why they are sent' },
);

export const financialHub: HubDefinition<FinancialData> = {
  events: [
    { target: 'RevenueUpdate', schema: RevenueUpdate, argument: ({ revenue }, type) => ({ revenue, type }) },
    {
      target: 'FinancialUpdate',
      schema: FinancialUpdate,
      argument: (data, type) => ({ ...initialData(data), type }),
    },
  ],
  initialData,
  // The front end takes `paymentSummary` from `InitialData` alone.
  initialDataAtEachEmission: true,
};

function initialData({ payments, revenue, chargebacks }: FinancialData) {
  return { paymentSummary: payments, revenue, chargebacks };
}
