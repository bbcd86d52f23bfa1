import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { subscriptionsHub } from './hub.ts';
import { createSubscriptionsRepository, subscriptionsObjects, subscriptionsReads } from './repository.ts';
import { SubscriptionsData } from './schemas.ts';
import { createSubscriptionsService } from './service.ts';

export const subscriptions = defineFeature({
  name: 'subscriptions',
  title: { en: 'Subscriptions', pt: 'Assinaturas' },
  description: 'Subscriptions by status and plan, recurring revenue and churn',
  source: 'sql',
  reads: subscriptionsReads,
  objects: subscriptionsObjects,
  schema: SubscriptionsData,
  headlines: [
    'summary.MonthlyRecurringRevenue',
    'summary.ActiveSubscriptions',
    'summary.ChurnRate',
    'summary.ExpiringWithin7Days',
    'summary.AverageRevenuePerSubscription',
  ],
  sheets: [
    { name: 'Subscriptions_KPIs', figures: ['summary'] },
    { name: 'Subscriptions_Data', list: 'list' },
  ],
  repository: createSubscriptionsRepository,
  service: createSubscriptionsService,
  parts: partsOf(SubscriptionsData, { summary: 'summary', list: 'list', byPlan: 'by-plan' }),
  hub: subscriptionsHub,
});
