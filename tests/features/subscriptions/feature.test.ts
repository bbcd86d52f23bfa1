import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { subscriptions } from '../../../src/features/subscriptions/index.ts';
import { loadFrom } from '../../support/replay-feature.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { company, NOW } from './company.ts';

describe('the subscriptions feature', () => {
  test('counts at the edges of its spans', async () => {
    const { data } = await loadFrom(subscriptions, company(), NOW);
    expect([...Value.Errors(subscriptions.schema, data)]).toEqual([]);
    expect(data.summary).toEqual({
      TotalSubscriptions: 6,
      ActiveSubscriptions: 4,
      PausedSubscriptions: 0,
      CancelledSubscriptions: 2,
      PendingSubscriptions: 0,
      ExpiringWithin7Days: 1,
      MonthlyRecurringRevenue: 123.48,
      AverageRevenuePerSubscription: 30.87,
      ChurnRate: 25,
      LifetimeChurnRate: 33.33,
    });
    expect(data.byPlan).toEqual([
      { PlanName: 'Mensal', Active: 2, Mrr: 50 },
      { PlanName: 'Semanal', Active: 1, Mrr: 43.48 },
    ]);
    expect(data.list.map(({ Id }) => Id)).toEqual(['c', 'e', 'd', 'b', 'a', 'f']);
  });

  test("without CurrentAmount the plan's amount stands in, and nothing is unavailable", async () => {
    const { data, unavailable } = await loadFrom(subscriptions, company(new Set(['Subscriptions.CurrentAmount'])), NOW);
    expect([...Value.Errors(subscriptions.schema, data)]).toEqual([]);
    expect(data.summary.MonthlyRecurringRevenue).toBe(143.28);
    expect(data.list.map(({ CurrentAmount }) => CurrentAmount)).toEqual([0, 49.9, 49.9, 10, 49.9, 49.9]);
    expect(unavailable).toEqual([]);
  });

  test('of nothing is nothing', async () => {
    const { data } = await loadFrom(subscriptions, emptyDatabase(), NOW);
    expect([...Value.Errors(subscriptions.schema, data)]).toEqual([]);
    expect(data).toMatchObject({ list: [], byPlan: [] });
  });

  test('its hub sends the summary with the reason', async () => {
    const { data } = await loadFrom(subscriptions, company(), NOW);
    expect(subscriptions.hub.events.map((event) => [event.target, event.argument(data, 'Auto')])).toEqual([
      ['SubscriptionKPIsUpdate', { summary: data.summary, type: 'Auto' }],
    ]);
  });
});
