import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { SubscriptionSummary, type SubscriptionsData } from './schemas.ts';

const SubscriptionKPIsUpdate = Type.Object(
  {
    summary: SubscriptionSummary,
    type: EmissionType,
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
