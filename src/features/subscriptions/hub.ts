import { Type } from '@sinclair/typebox';
import { formatReais, toCents } from '../../core/figures/money.ts';
import { percentage } from '../../core/figures/rounding.ts';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { notificationRule } from '../../core/runtime/notification-rule.ts';
import { SubscriptionsData } from './schemas.ts';

/** The smallest fall of the MRR that notifies, in percent. */
const FALL_PERCENT = 5;

/** MRR falls by 5 % or more from one snapshot to the next. */
const revenueFell = notificationRule({
  name: 'mrr-fell',
  memory: Type.Number(),
  remember: ({ summary }: SubscriptionsData) => summary.MonthlyRecurringRevenue,
  occurrences(before, { data: { summary }, seq }) {
    const after = summary.MonthlyRecurringRevenue;
    const lost = toCents(before) - toCents(after);
    if (lost <= 0 || lost * 100 < toCents(before) * FALL_PERCENT) return [];
    const percent = percentage(lost, toCents(before));
    return [
      {
        key: String(seq),
        severity: 'critical',
        title: `MRR fell by ${percent} %`,
        message: `From ${formatReais(before)} to ${formatReais(after)} a month`,
        data: { before, after, percent },
      },
    ];
  },
});

export const subscriptionsHub: HubDefinition<SubscriptionsData> = {
  events: [figuresEvent('SubscriptionKPIsUpdate', SubscriptionsData, ['summary'])],
  notificationRules: [revenueFell],
};
