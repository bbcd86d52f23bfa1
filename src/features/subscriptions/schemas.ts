import { type Static, Type } from '@sinclair/typebox';
import { Count, InstantText, Money, Nullable, Percentage } from '../../core/runtime/schema.ts';

export const SubscriptionSummary = Type.Object(
  {
    TotalSubscriptions: Count('Subscriptions of every status'),
    ActiveSubscriptions: Count('Authorized subscriptions'),
    PausedSubscriptions: Count('Paused subscriptions'),
    CancelledSubscriptions: Count('Cancelled subscriptions'),
    PendingSubscriptions: Count('Pending subscriptions'),
    ExpiringWithin7Days: Count('Active subscriptions with a period that ends within 7 days'),
    MonthlyRecurringRevenue: Money('Amount of the active subscriptions a month'),
    AverageRevenuePerSubscription: Money('Monthly recurring revenue ÷ active, 0 without one'),
    ChurnRate: Percentage('Of the subscriptions that ran 30 days ago, the share cancelled since'),
    LifetimeChurnRate: Percentage('Cancelled ÷ all'),
  },
  { $id: 'SubscriptionSummary', description: 'Key figures of the subscriptions' },
);
export type SubscriptionSummary = Static<typeof SubscriptionSummary>;

export const Subscription = Type.Object(
  {
    Id: Type.String({ description: 'Key of the subscription', examples: ['5b1c2d3e-8f90-4a1b-9c2d-3e4f5a6b7c8d'] }),
    UserId: Nullable(Type.String(), {
      description: 'Key of its user; null when unreadable',
      examples: ['0f8fad5b-d9cb-469f-a165-70867728950e'],
    }),
    Status: Type.String({ description: 'Canonical spelling', examples: ['authorized'] }),
    CurrentAmount: Money('Amount of a period'),
    CurrentPeriodEndDate: Nullable(InstantText('When the current period ends'), {
      description: 'Null when unreadable',
    }),
    PlanName: Nullable(Type.String(), { description: 'Null without a plan', examples: ['Plano Anual'] }),
    UserName: Nullable(Type.String(), { description: 'Null when unknown', examples: ['Ana Souza'] }),
    UserEmail: Nullable(Type.String(), { description: 'Null when unknown', examples: ['ana@example.com'] }),
  },
  { $id: 'Subscription', description: 'A subscription' },
);
export type Subscription = Static<typeof Subscription>;

export const SubscriptionsByPlan = Type.Object(
  {
    PlanName: Type.String({ description: 'Name of the plan', examples: ['Plano Anual'] }),
    Active: Count('Active subscriptions of the plan'),
    Mrr: Money('Their monthly recurring revenue'),
  },
  { $id: 'SubscriptionsByPlan', description: 'Active subscriptions of a plan' },
);
export type SubscriptionsByPlan = Static<typeof SubscriptionsByPlan>;

export const SubscriptionsData = Type.Object(
  {
    summary: SubscriptionSummary,
    list: Type.Array(Subscription, { description: 'The newest 50' }),
    byPlan: Type.Array(SubscriptionsByPlan, { description: 'Plans with an active subscription, most revenue first' }),
  },
  { $id: 'SubscriptionsData', description: 'Every figure of the feature' },
);
export type SubscriptionsData = Static<typeof SubscriptionsData>;
