import { describe, expect, test } from 'bun:test';
import { addMonths, type DemoPlan, PLANS, periodStart, wholePeriods } from '../../../src/demo/data/plans.ts';

const at = (text: string) => Date.parse(text);

function planOf(unit: DemoPlan['unit'], interval: number): DemoPlan {
  return { id: 1, name: '', cents: 1, interval, unit, writtenUnit: unit, isActive: true, weight: 1 };
}

describe('periods of a subscription', () => {
  test('keep their day of the month, or take its last one', () => {
    expect(addMonths(at('2026-01-31T10:00:00.123Z'), 1)).toBe(at('2026-02-28T10:00:00.123Z'));
    expect(addMonths(at('2024-01-31T10:00:00.123Z'), 1)).toBe(at('2024-02-29T10:00:00.123Z'));
    expect(addMonths(at('2025-11-30T00:00:00Z'), 3)).toBe(at('2026-02-28T00:00:00Z'));
    expect(addMonths(at('2026-03-15T23:59:59.999Z'), 12)).toBe(at('2027-03-15T23:59:59.999Z'));
  });

  test.each([planOf('Months', 1), planOf('Months', 3), planOf('Months', 12), planOf('Days', 30), planOf('Months', 0)])(
    'are counted whole: %o',
    (plan) => {
      const start = at('2024-01-31T08:00:00Z');
      for (let days = 0; days < 900; days += 7) {
        const until = start + days * 86_400_000;
        const periods = wholePeriods(plan, start, until);
        expect(periodStart(plan, start, periods)).toBeLessThanOrEqual(until);
        expect(periodStart(plan, start, periods + 1)).toBeGreaterThan(until);
      }
    },
  );
});

test('there are plans of every kind, and one that is no longer sold', () => {
  const kinds = PLANS.map(({ unit, interval }) => `${interval} ${unit}`);
  for (const kind of ['1 Months', '3 Months', '12 Months', '30 Days']) expect(kinds).toContain(kind);
  expect(PLANS.filter(({ isActive }) => !isActive)).toHaveLength(1);
});
