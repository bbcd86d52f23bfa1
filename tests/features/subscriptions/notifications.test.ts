import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { subscriptions } from '../../../src/features/subscriptions/index.ts';
import type { SubscriptionsData } from '../../../src/features/subscriptions/schemas.ts';
import { findings, ruleOf } from '../../support/rule-of.ts';

function dataOf(MonthlyRecurringRevenue: number): SubscriptionsData {
  return {
    summary: {
      TotalSubscriptions: 0,
      ActiveSubscriptions: 0,
      PausedSubscriptions: 0,
      CancelledSubscriptions: 0,
      PendingSubscriptions: 0,
      ExpiringWithin7Days: 0,
      MonthlyRecurringRevenue,
      AverageRevenuePerSubscription: 0,
      ChurnRate: 0,
      LifetimeChurnRate: 0,
    },
    list: [],
    byPlan: [],
  };
}

const found = (...revenues: readonly number[]) => findings(ruleOf(subscriptions), revenues.map(dataOf));

describe('MRR falls', () => {
  test('by 7.25 %: says from what to what', () => {
    expect(found(1_000, 927.5)[1]).toEqual([
      {
        key: '2',
        severity: 'critical',
        title: 'MRR fell by 7.25 %',
        message: 'From R$1,000.00 to R$927.50 a month',
        data: { before: 1_000, after: 927.5, percent: 7.25 },
      },
    ]);
  });

  test.each([
    [1_000, 950, true],
    [1_000, 950.01, false],
    [0.2, 0.19, true],
    [0.21, 0.2, false],
    [1_000, 0, true],
    [0, 0, false],
    [0, 1_000, false],
    [1_000, 1_000, false],
    [1_000, 2_000, false],
  ])('from %d to %d: %p', (before, after, tells) => {
    expect(found(before, after)[1]).toHaveLength(tells ? 1 : 0);
  });

  test('again, to where it fell before, is notified again; a gradual fall is not', () => {
    const told = found(100, 90, 100, 90, 87, 84, 81).map((occurrences) => occurrences.map(({ key }) => key));
    expect(told).toEqual([[], ['2'], [], ['4'], [], [], []]);
  });

  test('exactly when the exact cents say so', () => {
    const cents = fc.integer({ min: 0, max: 10 ** 12 });
    fc.assert(
      fc.property(cents, fc.nat(1_000_000), (before, millionths) => {
        const after = Math.floor((before * millionths) / 1_000_000);
        const falls = before > 0 && 20n * (BigInt(before) - BigInt(after)) >= BigInt(before);
        expect(found(before / 100, after / 100)[1]).toHaveLength(falls ? 1 : 0);
      }),
    );
  });
});
