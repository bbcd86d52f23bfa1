import { Type } from '@sinclair/typebox';
import { formatReais, toCents, toReais } from '../../core/figures/money.ts';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { notificationRule } from '../../core/runtime/notification-rule.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { ChargebackSummary, FinancialData, PaymentSummary, RevenueMetrics } from './schemas.ts';

const FinancialUpdate = Type.Object(
  { paymentSummary: PaymentSummary, revenue: RevenueMetrics, chargebacks: ChargebackSummary, type: EmissionType },
  { $id: 'FinancialUpdate', description: 'Payments, revenue and chargebacks, and why they are sent' },
);

/**
 * New chargebacks. The snapshot has their count and no list, so all that arrived since the last snapshot share one
 * notification. Its key is the total count and amount.
 */
const newChargebacks = notificationRule({
  name: 'new-chargebacks',
  memory: Type.Object({ count: Type.Integer(), cents: Type.Integer() }),
  remember: ({ chargebacks }: FinancialData) => ({
    count: chargebacks.TotalChargebacks,
    cents: toCents(chargebacks.TotalAmount),
  }),
  occurrences(before, { data: { chargebacks } }) {
    const { TotalChargebacks: count, TotalAmount: total } = chargebacks;
    const added = count - before.count;
    if (added <= 0) return [];
    // If an older chargeback was corrected meanwhile, the difference is not the amount of the new ones.
    const cents = toCents(total) - before.cents;
    const amount = cents > 0 ? toReais(cents) : null;
    return [
      {
        key: `${count}/${toCents(total)}`,
        severity: 'warning',
        title: added === 1 ? 'New chargeback' : `${added} new chargebacks`,
        message: `${amount === null ? '' : `${formatReais(amount)}; `}${count} in all, ${formatReais(total)}`,
        data: { added, amount, TotalChargebacks: count, TotalAmount: total },
      },
    ];
  },
});

export const financialHub: HubDefinition<FinancialData> = {
  events: [
    figuresEvent('RevenueUpdate', FinancialData, ['revenue']),
    {
      target: 'FinancialUpdate',
      schema: FinancialUpdate,
      argument: (data, type) => ({ ...initialData(data), type }),
    },
  ],
  initialData,
  // The front end takes `paymentSummary` from `InitialData` alone.
  initialDataAtEachEmission: true,
  notificationRules: [newChargebacks],
};

function initialData({ payments, revenue, chargebacks }: FinancialData) {
  return { paymentSummary: payments, revenue, chargebacks };
}
