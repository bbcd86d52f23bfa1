import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type {
  ListedSubscription,
  Plan,
  SubscriptionGroup,
  SubscriptionsRepository,
} from '../../../src/features/subscriptions/repository.ts';
import { createSubscriptionsService } from '../../../src/features/subscriptions/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

const group = (Status: string, PlanId: number | null, rest: Partial<SubscriptionGroup> = {}): SubscriptionGroup => ({
  Status,
  PlanId,
  count: 1,
  reais: 0,
  dated: 0,
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

function figures(rows: Partial<SubscriptionsRepository>) {
  const repository: SubscriptionsRepository = {
    knowsAmount: true,
    groups: () => [],
    ending: () => 0,
    created: () => ({ count: 0, cancelled: 0 }),
    cancelledSince: () => 0,
    plans: () => [],
    newest: () => [],
    ...rows,
  };
  const moment = { now: NOW, calendar: createCalendar('UTC') };
  const { data, unavailable } = createSubscriptionsService(repository).snapshot(moment);
  expect(unavailable).toEqual([]);
  return data;
}

describe('monthly recurring revenue', () => {
  const active = (PlanId: number, reais: number, count = 1) => group('authorized', PlanId, { reais, count });
  const revenue = (groups: SubscriptionGroup[], plans: Plan[]) =>
    figures({ groups: () => groups, plans: () => plans }).summary.MonthlyRecurringRevenue;

  test('is rounded once: three plans of a third each are one whole', () => {
    const plans = [1, 2, 3].map((id) => plan(id, 'Months', 3));
    expect(revenue([active(1, 100), active(2, 100), active(3, 100)], plans)).toBe(100);
  });

  test('a month has 365.25 ÷ 12 days', () => {
    expect(revenue([active(1, 1)], [plan(1, 'Days', 1)])).toBe(30.44);
    expect(revenue([active(1, 10)], [plan(1, 'Days', 7)])).toBe(43.48);
    expect(revenue([active(1, 16)], [plan(1, 'Days', 487)])).toBe(1);
  });

  test('an interval below 1 counts as 1, and a type that is not days as months', () => {
    expect(revenue([active(1, 10)], [plan(1, 'Months', 0)])).toBe(10);
    expect(revenue([active(1, 10)], [plan(1, 'Days', -3)])).toBe(304.38);
    expect(revenue([active(1, 10)], [plan(1, 'Weeks', 2)])).toBe(5);
  });

  test('a missing plan counts as monthly, and in no row of the plans', () => {
    const { summary, byPlan } = figures({
      groups: () => [active(9, 35), group('authorized', null, { reais: 35 })],
      plans: () => [plan(1, 'Months', 1)],
    });
    expect(summary.MonthlyRecurringRevenue).toBe(70);
    expect(summary.AverageRevenuePerSubscription).toBe(35);
    expect(byPlan).toEqual([]);
  });

  test("without CurrentAmount each subscription counts with its plan's amount, and with nothing without a plan", () => {
    const { summary, byPlan } = figures({
      knowsAmount: false,
      groups: () => [group('authorized', 1, { count: 3 }), group('authorized', 9, { count: 2 })],
      plans: () => [plan(1, 'Months', 2, { cents: 4_990 })],
    });
    expect(summary.MonthlyRecurringRevenue).toBe(74.85);
    expect(summary.AverageRevenuePerSubscription).toBe(14.97);
    expect(byPlan).toEqual([{ PlanName: 'Plan 1', Active: 3, Mrr: 74.85 }]);
  });

  test('the mean is of the exact sum, not of the rounded one', () => {
    const { summary } = figures({ groups: () => [active(1, 1, 3)], plans: () => [plan(1, 'Months', 400)] });
    expect(summary.MonthlyRecurringRevenue).toBe(0);
    expect(summary.AverageRevenuePerSubscription).toBe(0);
    const large = figures({ groups: () => [active(1, 1_000_000, 3)], plans: () => [plan(1, 'Months', 7)] });
    expect(large.summary.AverageRevenuePerSubscription).toBe(47_619.05);
  });

  test('only active subscriptions pay', () => {
    expect(revenue([group('paused', 1, { reais: 10 }), active(1, 1)], [plan(1, 'Months', 1)])).toBe(1);
  });
});

describe('plans', () => {
  test('most revenue first by the exact amount, then by name, then by id; equal names stay apart', () => {
    const plans = [
      plan(1, 'Months', 3, { Name: 'b' }),
      plan(2, 'Months', 1, { Name: 'a' }),
      plan(3, 'Months', 1, { Name: 'B' }),
      plan(4, 'Months', 1, { Name: 'a' }),
    ];
    const reais = [100, 33, 33, 33];
    const groups = plans.map(({ Id }, index) => group('authorized', Id, { reais: reais[index] ?? 0, count: Id }));
    expect(figures({ groups: () => groups.toReversed(), plans: () => plans }).byPlan).toEqual([
      { PlanName: 'b', Active: 1, Mrr: 33.33 },
      { PlanName: 'B', Active: 3, Mrr: 33 },
      { PlanName: 'a', Active: 2, Mrr: 33 },
      { PlanName: 'a', Active: 4, Mrr: 33 },
    ]);
  });
});

describe('churn', () => {
  const groups = [
    group('authorized', 1, { count: 10, dated: 9 }),
    group('cancelled', 1, { count: 5, dated: 5 }),
    group('refunded', 1, { count: 1, dated: 1 }),
  ];

  test('is the share of those running at the cut-off that was cancelled since', () => {
    const { summary } = figures({
      groups: () => groups,
      created: () => ({ count: 4, cancelled: 1 }),
      cancelledSince: () => 3,
    });
    // Of 15 with a date 4 were created later; of the 4 cancelled ones among the others one was not running any more.
    expect(summary.ChurnRate).toBe(30);
    expect(summary.LifetimeChurnRate).toBe(31.25);
  });

  test('is 0 when nothing was running', () => {
    expect(figures({ groups: () => [group('cancelled', 1, { count: 2, dated: 2 })] }).summary.ChurnRate).toBe(0);
    expect(figures({}).summary).toEqual({
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

  test('spans and cut-off are those of the contract', () => {
    const asked: unknown[] = [];
    const cutoff = Date.UTC(2026, 1, 13, 12);
    figures({
      ending: (span) => asked.push(span),
      created: (span) => {
        asked.push(span.from);
        return { count: 0, cancelled: 0 };
      },
      cancelledSince: (instant) => asked.push(instant),
    });
    expect(asked).toEqual([{ from: NOW, before: Date.UTC(2026, 2, 22, 12) + 1 }, cutoff + 1, cutoff]);
  });
});

describe('list', () => {
  const row: ListedSubscription = {
    Id: 'a',
    UserId: 'ana',
    Status: 'authorized',
    CurrentAmount: 50,
    CurrentPeriodEndDate: NOW,
    planCents: 4_990,
    planName: 'Mensal',
    userName: null,
    userEmail: null,
  };

  test('tells the amount of its own', () => {
    expect(figures({ newest: () => [row] }).list).toEqual([
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

  test("without CurrentAmount the plan's amount stands in, 0 without a plan", () => {
    const newest = () => [row, { ...row, planCents: null, planName: null }];
    const { list } = figures({ knowsAmount: false, newest });
    expect(list.map(({ CurrentAmount }) => CurrentAmount)).toEqual([49.9, 0]);
  });
});
