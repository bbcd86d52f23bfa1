import { type Static, Type } from '@sinclair/typebox';
import { Count, InstantText, List, Money, Nullable, Percentage, Text } from '../../core/runtime/schema.ts';

export const SubscriptionSummary = Type.Object(
  {
    TotalSubscriptions: Count('Subscriptions of every status', { en: 'Subscriptions', pt: 'Assinaturas', good: 'up' }),
    ActiveSubscriptions: Count('Authorized subscriptions', {
      en: 'Active subscriptions',
      pt: 'Assinaturas ativas',
      good: 'up',
    }),
    PausedSubscriptions: Count('Paused subscriptions', {
      en: 'Paused subscriptions',
      pt: 'Assinaturas pausadas',
      good: 'down',
    }),
    CancelledSubscriptions: Count('Cancelled subscriptions', {
      en: 'Cancelled subscriptions',
      pt: 'Assinaturas canceladas',
      good: 'down',
    }),
    PendingSubscriptions: Count('Pending subscriptions', { en: 'Pending subscriptions', pt: 'Assinaturas pendentes' }),
    ExpiringWithin7Days: Count('Active subscriptions with a period that ends within 7 days', {
      en: 'Subscriptions ending within 7 days',
      pt: 'Assinaturas que vencem em 7 dias',
    }),
    MonthlyRecurringRevenue: Money('Amount of the active subscriptions a month', {
      en: 'Monthly recurring revenue',
      pt: 'Receita recorrente mensal',
      good: 'up',
    }),
    AverageRevenuePerSubscription: Money('Monthly recurring revenue ÷ active, 0 without one', {
      en: 'Monthly revenue per subscription',
      pt: 'Receita mensal por assinatura',
      good: 'up',
    }),
    ChurnRate: Percentage('Of the subscriptions that ran 30 days ago, the share cancelled since', {
      en: 'Churn rate, last 30 days',
      pt: 'Taxa de cancelamento, últimos 30 dias',
      good: 'down',
    }),
    LifetimeChurnRate: Percentage('Cancelled ÷ all', {
      en: 'Churn rate, all time',
      pt: 'Taxa de cancelamento, desde o início',
      good: 'down',
    }),
  },
  { $id: 'SubscriptionSummary', description: 'Key figures of the subscriptions' },
);
export type SubscriptionSummary = Static<typeof SubscriptionSummary>;

export const Subscription = Type.Object(
  {
    Id: Text('Key of the subscription', { en: 'Id', pt: 'Código' }, '5b1c2d3e-8f90-4a1b-9c2d-3e4f5a6b7c8d'),
    UserId: Nullable(
      Text(
        'Key of its user; null when unreadable',
        { en: 'User id', pt: 'Código do usuário' },
        '0f8fad5b-d9cb-469f-a165-70867728950e',
      ),
    ),
    Status: Text('Canonical spelling', { en: 'Status', pt: 'Situação' }, 'authorized'),
    CurrentAmount: Money('Amount of a period', { en: 'Amount', pt: 'Valor' }),
    CurrentPeriodEndDate: Nullable(
      InstantText('When the current period ends; null when unreadable', {
        en: 'Current period ends',
        pt: 'Fim do período atual',
      }),
    ),
    PlanName: Nullable(Text('Null without a plan', { en: 'Plan', pt: 'Plano' }, 'Plano Anual')),
    UserName: Nullable(Text('Null when unknown', { en: 'Customer', pt: 'Cliente' }, 'Ana Souza')),
    UserEmail: Nullable(Text('Null when unknown', { en: 'E-mail', pt: 'E-mail' }, 'ana@example.com')),
  },
  { $id: 'Subscription', description: 'A subscription' },
);
export type Subscription = Static<typeof Subscription>;

export const SubscriptionsByPlan = Type.Object(
  {
    PlanName: Text('Name of the plan', { en: 'Plan', pt: 'Plano' }, 'Plano Anual'),
    Active: Count('Active subscriptions of the plan', {
      en: 'Active subscriptions',
      pt: 'Assinaturas ativas',
      good: 'up',
    }),
    Mrr: Money('Their monthly recurring revenue', {
      en: 'Monthly recurring revenue',
      pt: 'Receita recorrente mensal',
      good: 'up',
    }),
  },
  { $id: 'SubscriptionsByPlan', description: 'Active subscriptions of a plan' },
);
export type SubscriptionsByPlan = Static<typeof SubscriptionsByPlan>;

export const SubscriptionsData = Type.Object(
  {
    summary: SubscriptionSummary,
    list: List(Subscription, 'The newest 50', { en: 'Newest subscriptions', pt: 'Assinaturas mais recentes' }),
    byPlan: List(SubscriptionsByPlan, 'Plans with an active subscription, most revenue first', {
      en: 'Active subscriptions by plan',
      pt: 'Assinaturas ativas por plano',
    }),
  },
  { $id: 'SubscriptionsData', description: 'Every figure of the feature' },
);
export type SubscriptionsData = Static<typeof SubscriptionsData>;
