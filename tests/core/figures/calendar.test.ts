import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  dayOf,
  isoInstant,
  isoInstantOrNull,
  lastDays,
  lastMonths,
  monthOf,
  startOfDay,
  startOfMonth,
  wholeDaysSince,
} from '../../../src/core/figures/calendar.ts';
import { type Day, dayBefore, dayText, monthBefore, monthText, spelledDay } from './calendar-oracle.ts';

const at = (text: string) => Date.parse(text);
const instants = fc.oneof(
  fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2100-12-31T23:59:59Z') }),
  fc.constantFrom(
    at('2024-02-29T12:34:56.789Z'),
    at('2024-03-01T00:00:00.000Z'),
    at('2024-03-31T23:59:59.999Z'),
    at('2025-12-31T23:59:59.999Z'),
    at('2026-01-01T00:00:00.000Z'),
    at('2000-02-29T00:00:00.000Z'),
    at('2100-03-01T00:00:00.000Z'),
  ),
);

/** `count` texts that end with that of `last`, oldest first, each made from the next by one step back. */
function backwards(last: Day, count: number, before: (day: Day) => Day, text: (day: Day) => string): string[] {
  const texts: string[] = [];
  for (let day = last; texts.length < count; day = before(day)) texts.unshift(text(day));
  return texts;
}

describe('the day and month of an instant', () => {
  test('are those of UTC, to the last millisecond', () => {
    expect(dayOf(at('2026-03-01T00:00:00.000Z'))).toBe('2026-03-01');
    expect(dayOf(at('2026-02-28T23:59:59.999Z'))).toBe('2026-02-28');
    expect(monthOf(at('2026-03-01T00:00:00.000Z'))).toBe('2026-03');
    expect(monthOf(at('2026-02-28T23:59:59.999Z'))).toBe('2026-02');
    expect(dayOf(at('1969-12-31T23:59:59.999Z'))).toBe('1969-12-31');
  });

  test('an instant leaves as ISO 8601 with Z, milliseconds kept', () => {
    expect(isoInstant(at('2026-03-01T12:00:00.5Z'))).toBe('2026-03-01T12:00:00.500Z');
    expect(isoInstantOrNull(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(isoInstantOrNull(null)).toBeNull();
  });
});

describe('the start', () => {
  test.each([
    ['2024-03-01T10:00:00Z', 1, '2024-02-29T00:00:00Z'],
    ['2025-03-01T10:00:00Z', 1, '2025-02-28T00:00:00Z'],
    ['2026-01-01T00:00:00Z', 1, '2025-12-31T00:00:00Z'],
    ['2026-01-01T00:00:00Z', 0, '2026-01-01T00:00:00Z'],
    ['2026-11-24T23:59:59.999Z', 89, '2026-08-27T00:00:00Z'],
    ['1970-01-01T00:00:00Z', 1, '1969-12-31T00:00:00Z'],
    ['1969-12-31T13:00:00Z', 0, '1969-12-31T00:00:00Z'],
  ])('of the day of %s, %d days earlier, is %s', (now, back, expected) => {
    expect(startOfDay(at(now), back)).toBe(at(expected));
  });

  test.each([
    ['2026-03-31T10:00:00Z', 1, '2026-02-01T00:00:00Z'],
    ['2026-01-15T10:00:00Z', 1, '2025-12-01T00:00:00Z'],
    ['2026-01-15T10:00:00Z', 13, '2024-12-01T00:00:00Z'],
    ['2024-02-29T23:59:59.999Z', 12, '2023-02-01T00:00:00Z'],
    ['2026-02-01T00:00:00Z', 0, '2026-02-01T00:00:00Z'],
  ])('of the month of %s, %d months earlier, is %s', (now, back, expected) => {
    expect(startOfMonth(at(now), back)).toBe(at(expected));
  });
});

describe('the last days and months', () => {
  test('take in a leap day, and the one now lies in', () => {
    expect(lastDays(at('2024-03-01T05:00:00Z'), 3)).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(lastDays(at('2025-03-01T05:00:00Z'), 3)).toEqual(['2025-02-27', '2025-02-28', '2025-03-01']);
    expect(lastDays(at('2100-03-01T05:00:00Z'), 2)).toEqual(['2100-02-28', '2100-03-01']);
  });

  test('go over the end of a year', () => {
    expect(lastDays(at('2026-01-01T00:00:00Z'), 2)).toEqual(['2025-12-31', '2026-01-01']);
    expect(lastMonths(at('2026-02-28T23:59:59Z'), 4)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  });

  test('from the 31st skip no shorter month', () => {
    expect(lastMonths(at('2026-03-31T10:00:00Z'), 3)).toEqual(['2026-01', '2026-02', '2026-03']);
    expect(lastMonths(at('2026-12-31T10:00:00Z'), 12)).toHaveLength(12);
  });

  test('of none are none', () => {
    expect(lastDays(at('2026-01-01T00:00:00Z'), 0)).toEqual([]);
    expect(lastMonths(at('2026-01-01T00:00:00Z'), 0)).toEqual([]);
  });

  test('are those of a calendar on paper, at any time', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 40 }), (now, days, months) => {
        const today = spelledDay(dayOf(now));
        expect(lastDays(now, days)).toEqual(backwards(today, days, dayBefore, dayText));
        expect(lastMonths(now, months)).toEqual(backwards(today, months, monthBefore, monthText));
      }),
      { numRuns: 300 },
    );
  });

  test('begin where the first of them begins', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 60 }), (now, count) => {
        const [firstDay] = lastDays(now, count);
        const [firstMonth] = lastMonths(now, count);
        expect(startOfDay(now, count - 1)).toBe(at(`${firstDay}T00:00:00Z`));
        expect(startOfMonth(now, count - 1)).toBe(at(`${firstMonth}-01T00:00:00Z`));
      }),
    );
  });
});

describe('whole days since', () => {
  const now = at('2026-03-15T12:00:00Z');
  const day = 24 * 60 * 60 * 1000;

  test.each([
    [0, 0],
    [day - 1, 0],
    [day, 1],
    [2 * day - 1, 1],
    [30 * day, 30],
    [31 * day - 1, 30],
    [31 * day, 31],
    [-1, 0],
    [-10 * day, 0],
  ])('%d ms are %d', (passed, days) => {
    expect(wholeDaysSince(now - passed, now)).toBe(days);
  });

  test('are as many as fit in, and never less than none', () => {
    fc.assert(
      fc.property(instants, instants, (instant, later) => {
        const days = wholeDaysSince(instant, later);
        expect(Object.is(days, -0)).toBe(false);
        if (instant > later) expect(days).toBe(0);
        else {
          expect(instant + days * day).toBeLessThanOrEqual(later);
          expect(instant + (days + 1) * day).toBeGreaterThan(later);
        }
      }),
    );
  });
});
