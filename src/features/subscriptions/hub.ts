import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { SubscriptionSummary, type SubscriptionsData } from './schemas.ts';

const SubscriptionKPIsUpdate = Type.Object(
  {
    summary: SubscriptionSummary,
    type: Type.String({ enum: ['Initial', 'Auto', 'Manual'], description: 'Why it is sent', examples: ['Auto'] }),
  },
  { $id: 'SubscriptionKPIsUpdate', description: 'Key figures of the subscriptions, and why they are sent' },
);

export const subscriptionsHub: HubDefinition<SubscriptionsData> = {
  events: [
    {
      target: 'SubscriptionKPIsUpdate',
      schema: SubscriptionKPIsUpdate,
      argument: ({ summary }, type) => ({ summary, type }),
    },
  ],
};
