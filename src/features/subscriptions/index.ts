import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { subscriptionsHub } from './hub.ts';
import { createSubscriptionsRepository, subscriptionsTables } from './repository.ts';
import { Subscription, SubscriptionSummary, SubscriptionsByPlan, SubscriptionsData } from './schemas.ts';
import { createSubscriptionsService } from './service.ts';

export const subscriptions = defineFeature({
  name: 'subscriptions',
  title: { en: 'Subscriptions', pt: 'Assinaturas' },
  description: 'Subscriptions by status and plan, recurring revenue and churn',
  binding: subscriptionsTables,
  schema: SubscriptionsData,
  load: (reader, now) => createSubscriptionsService(createSubscriptionsRepository(reader)).snapshot(now),
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
