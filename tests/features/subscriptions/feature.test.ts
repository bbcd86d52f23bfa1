import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { subscriptions } from '../../../src/features/subscriptions/index.ts';
import { figuresOf } from '../figures-of.ts';
import { company, NOW } from './company.ts';

describe('the subscriptions feature', () => {
  test('counts at the edges of its spans', async () => {
    const { data } = await figuresOf(subscriptions, company, NOW);
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

  test('a millisecond moves what is at the edge of a span', async () => {
    const endsAt = Date.UTC(2026, 2, 22, 12);
    const expiring = async (now: number) =>
      (await figuresOf(subscriptions, company, now)).data.summary.ExpiringWithin7Days;
    expect(await expiring(NOW - 1)).toBe(0);
    expect(await expiring(endsAt)).toBe(1);
    expect(await expiring(endsAt + 1)).toBe(0);
    // The cut-off is then the instant of the cancellation, which counts as before; "c" has been created by then.
    const later = await figuresOf(subscriptions, company, NOW + 1);
    expect(later.data.summary.ChurnRate).toBe(0);
  });

  test("without CurrentAmount the plan's amount stands in, and nothing is unavailable", async () => {
    const without = new Set(['Subscriptions.CurrentAmount']);
    const { data, unavailable } = await figuresOf(subscriptions, company, NOW, { without });
    expect([...Value.Errors(subscriptions.schema, data)]).toEqual([]);
    expect(data.summary.MonthlyRecurringRevenue).toBe(143.28);
    expect(data.list.map(({ CurrentAmount }) => CurrentAmount)).toEqual([0, 49.9, 49.9, 10, 49.9, 49.9]);
    expect(unavailable).toEqual([]);
  });

  test('subscriptions of which nothing can be read count in the totals, and stand last', async () => {
    const unreadable = { Id: { $id: 1 }, UserId: null, Status: 'cancelled', PlanId: 1.5, CurrentAmount: 49.9 };
    const rows = { ...company, Subscriptions: [unreadable, { Id: 'a', Status: 'paused', CreatedAt: '2026-01-01' }] };
    const { data } = await figuresOf(subscriptions, rows, NOW);
    expect([...Value.Errors(subscriptions.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalSubscriptions: 2, CancelledSubscriptions: 1, ChurnRate: 0 });
    expect(data.list[0]?.Id).toBe('a');
    expect(data.list[1]).toEqual({
      Id: '',
      UserId: null,
      Status: 'cancelled',
      CurrentAmount: 0,
      CurrentPeriodEndDate: null,
      PlanName: null,
      UserName: null,
      UserEmail: null,
    });
  });

  test('where letter case of keys is ignored, users are found, and keys leave and sort as they are spelt', async () => {
    const keys = { ignoresCase: true, ignoresAccents: false, ignoresTrailingBlanks: false };
    const CreatedAt = '2026-01-01';
    const rows = {
      AspNetUsers: [{ Id: 'Ana', Name: 'Ana Souza' }],
      Subscriptions: [
        { Id: 'B', UserId: 'ANA', CreatedAt },
        { Id: 'a', UserId: 'bia', CreatedAt },
      ],
    };
    const { data } = await figuresOf(subscriptions, rows, NOW, { keys });
    expect(data.list).toMatchObject([
      { Id: 'a', UserId: 'bia', UserName: null },
      { Id: 'B', UserId: 'ANA', UserName: 'Ana Souza' },
    ]);
  });

  test('of nothing is nothing', async () => {
    const { data } = await figuresOf(subscriptions, {}, NOW);
    expect([...Value.Errors(subscriptions.schema, data)]).toEqual([]);
    expect(data).toMatchObject({ list: [], byPlan: [] });
  });

  test('its hub sends the summary with the reason', async () => {
    const { data } = await figuresOf(subscriptions, company, NOW);
    expect(subscriptions.hub.events.map((event) => [event.target, event.argument(data, 'Auto')])).toEqual([
      ['SubscriptionKPIsUpdate', { summary: data.summary, type: 'Auto' }],
    ]);
  });
});
