import { describe, expect, test } from 'bun:test';
import type {
  ListedSubscription,
  Plan,
  SubscriptionGroup,
  SubscriptionsRepository,
} from '../../../src/features/subscriptions/repository.ts';
import { createSubscriptionsService } from '../../../src/features/subscriptions/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

const group = (Status: string, PlanId: number, rest: Partial<SubscriptionGroup> = {}): SubscriptionGroup => ({
  Status,
  PlanId,
  count: 1,
  ending: 0,
  createdBefore: 0,
  updatedSince: 0,
  ...rest,
});

const plan = (Id: number, FrequencyType: string, FrequencyInterval: number, rest: Partial<Plan> = {}): Plan => ({
  Id,
  Name: `Plan ${Id}`,
  cents: 0,
  FrequencyInterval,
  FrequencyType,
  ...rest,
});

async function figures(groups: SubscriptionGroup[], plans: Plan[] = [], newest: ListedSubscription[] = []) {
  const repository: SubscriptionsRepository = {
    groups: async () => groups,
    plans: async () => plans,
    newest: async () => newest,
  };
  const { data, unavailable } = await createSubscriptionsService(repository).snapshot(NOW);
  expect(unavailable).toEqual([]);
  return data;
}

describe('monthly recurring revenue', () => {
  const active = (PlanId: number, reais: number, count = 1) => group('authorized', PlanId, { reais, count });
  const revenue = async (groups: SubscriptionGroup[], plans: Plan[]) =>
    (await figures(groups, plans)).summary.MonthlyRecurringRevenue;

  test('is rounded once: three plans of a third each are one whole', async () => {
    const plans = [1, 2, 3].map((id) => plan(id, 'Months', 3));
    expect(await revenue([active(1, 100), active(2, 100), active(3, 100)], plans)).toBe(100);
  });

  test('a month has 365.25 ÷ 12 days', async () => {
    expect(await revenue([active(1, 1)], [plan(1, 'Days', 1)])).toBe(30.44);
    expect(await revenue([active(1, 10)], [plan(1, ' DAYS ', 7)])).toBe(43.48);
    expect(await revenue([active(1, 16)], [plan(1, 'days', 487)])).toBe(1);
  });

  test('an interval below 1 counts as 1, and a type that is not days as months', async () => {
    expect(await revenue([active(1, 10)], [plan(1, 'Months', 0)])).toBe(10);
    expect(await revenue([active(1, 10)], [plan(1, 'Days', -3)])).toBe(304.38);
    expect(await revenue([active(1, 10)], [plan(1, 'Weeks', 2)])).toBe(5);
  });

  test('a missing plan counts as monthly, and in no row of the plans', async () => {
    const { summary, byPlan } = await figures([active(9, 70, 2)], [plan(1, 'Months', 1)]);
    expect(summary.MonthlyRecurringRevenue).toBe(70);
    expect(summary.AverageRevenuePerSubscription).toBe(35);
    expect(byPlan).toEqual([]);
  });

  test("without CurrentAmount each subscription counts with its plan's amount, and with nothing without a plan", async () => {
    const groups = [group('active', 1, { count: 3 }), group('authorized', 9, { count: 2 })];
    const { summary, byPlan } = await figures(groups, [plan(1, 'Months', 2, { cents: 4_990 })]);
    expect(summary.MonthlyRecurringRevenue).toBe(74.85);
    expect(summary.AverageRevenuePerSubscription).toBe(14.97);
    expect(byPlan).toEqual([{ PlanName: 'Plan 1', Active: 3, Mrr: 74.85 }]);
  });

  test('the mean is of the exact sum, not of the rounded one', async () => {
    const { summary } = await figures([active(1, 1, 3)], [plan(1, 'Months', 400)]);
    expect(summary.MonthlyRecurringRevenue).toBe(0);
    expect(summary.AverageRevenuePerSubscription).toBe(0);
    const large = await figures([active(1, 1_000_000, 3)], [plan(1, 'Months', 7)]);
    expect(large.summary.AverageRevenuePerSubscription).toBe(47_619.05);
  });

  test('only active subscriptions pay', async () => {
    expect(await revenue([group('paused', 1, { reais: 10 }), active(1, 1)], [plan(1, 'Months', 1)])).toBe(1);
  });
});

describe('plans', () => {
  test('most revenue first by the exact amount, then by name, then by id; equal names stay apart', async () => {
    const plans = [
      plan(1, 'Months', 3, { Name: 'b' }),
      plan(2, 'Months', 1, { Name: 'a' }),
      plan(3, 'Months', 1, { Name: 'B' }),
      plan(4, 'Months', 1, { Name: 'a' }),
    ];
    const reais = [100, 33, 33, 33];
    const groups = plans.map(({ Id }, index) => group('authorized', Id, { reais: reais[index] ?? 0, count: Id }));
    expect((await figures(groups.toReversed(), plans)).byPlan).toEqual([
      { PlanName: 'b', Active: 1, Mrr: 33.33 },
      { PlanName: 'B', Active: 3, Mrr: 33 },
      { PlanName: 'a', Active: 2, Mrr: 33 },
      { PlanName: 'a', Active: 4, Mrr: 33 },
    ]);
  });

  test('spellings of one status add up', async () => {
    const groups = [group('authorized', 1, { reais: 10, count: 1 }), group(' Active', 1, { reais: 20, count: 2 })];
    expect((await figures(groups, [plan(1, 'Months', 1)])).byPlan).toEqual([
      { PlanName: 'Plan 1', Active: 3, Mrr: 30 },
    ]);
  });
});

describe('churn', () => {
  test('is the share of those running at the cut-off that was cancelled since', async () => {
    const { summary } = await figures([
      group('authorized', 1, { count: 10, createdBefore: 6 }),
      group('Cancelled ', 1, { count: 5, createdBefore: 4, updatedSince: 3 }),
      group('refunded', 1, { count: 1, createdBefore: 1, updatedSince: 1 }),
    ]);
    // 6 active, 1 refunded and 3 cancelled since were running; the one cancelled before was not.
    expect(summary.ChurnRate).toBe(30);
    expect(summary.LifetimeChurnRate).toBe(31.25);
  });

  test('is 0 when nothing was running', async () => {
    const cancelledBefore = group('cancelled', 1, { count: 2, createdBefore: 2 });
    expect((await figures([cancelledBefore])).summary.ChurnRate).toBe(0);
    expect((await figures([])).summary).toEqual({
      TotalSubscriptions: 0,
      ActiveSubscriptions: 0,
      PausedSubscriptions: 0,
      CancelledSubscriptions: 0,
      PendingSubscriptions: 0,
      ExpiringWithin7Days: 0,
      MonthlyRecurringRevenue: 0,
      AverageRevenuePerSubscription: 0,
      ChurnRate: 0,
      LifetimeChurnRate: 0,
    });
  });

  test('spans and cut-off are those of the contract', async () => {
    const asked: unknown[] = [];
    const repository: SubscriptionsRepository = {
      groups: async (...parameters) => {
        asked.push(parameters);
        return [];
      },
      plans: async () => [],
      newest: async () => [],
    };
    await createSubscriptionsService(repository).snapshot(NOW);
    expect(asked).toEqual([[{ from: NOW, before: Date.UTC(2026, 2, 22, 12) + 1 }, Date.UTC(2026, 1, 13, 12)]]);
  });
});

describe('list', () => {
  const row: ListedSubscription = {
    Id: 'a',
    UserId: 'ana',
    Status: ' ACTIVE',
    periodEnd: NOW,
    planCents: 4_990,
    planName: 'Mensal',
    userName: null,
    userEmail: null,
  };

  test('tells the canonical status and the amount of its own', async () => {
    expect((await figures([], [], [{ ...row, reais: 50 }])).list).toEqual([
      {
        Id: 'a',
        UserId: 'ana',
        Status: 'authorized',
        CurrentAmount: 50,
        CurrentPeriodEndDate: '2026-03-15T12:00:00.000Z',
        PlanName: 'Mensal',
        UserName: null,
        UserEmail: null,
      },
    ]);
  });

  test("without CurrentAmount the plan's amount stands in, 0 without a plan", async () => {
    const { list } = await figures([], [], [row, { ...row, planCents: null, planName: null }]);
    expect(list.map(({ CurrentAmount }) => CurrentAmount)).toEqual([49.9, 0]);
  });
});
