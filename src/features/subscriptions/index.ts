import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { subscriptionsHub } from './hub.ts';
import { createSubscriptionsRepository, subscriptionsObjects, subscriptionsReads } from './repository.ts';
import { Subscription, SubscriptionSummary, SubscriptionsByPlan, SubscriptionsData } from './schemas.ts';
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
  figures: (reader, moment) => createSubscriptionsService(createSubscriptionsRepository(reader)).snapshot(moment),
  parts: [
    ...parts(
      'summary',
      'Key figures of the subscriptions',
      SubscriptionSummary,
      (data: SubscriptionsData) => data.summary,
    ),
    ...parts('list', 'The newest 50 subscriptions', Type.Array(Subscription), (data: SubscriptionsData) => data.list),
    ...parts(
      'by-plan',
      'Active subscriptions by plan, most revenue first',
      Type.Array(SubscriptionsByPlan),
      (data: SubscriptionsData) => data.byPlan,
    ),
  ],
  hub: subscriptionsHub,
});
