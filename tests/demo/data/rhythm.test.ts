import { describe, expect, test } from 'bun:test';
import { randomStream } from '../../../src/demo/data/random.ts';
import { COMPANY_DAYS, countingUntil, countUntil, createRhythm } from '../../../src/demo/data/rhythm.ts';

const DAY_MS = 86_400_000;
const ANCHOR = Date.UTC(2026, 10, 24, 15, 30);

function instants(anchor = ANCHOR, count = 20_000): Float64Array {
  return createRhythm(anchor).instants(randomStream(1, 'rhythm'), count);
}

describe('the rhythm of the company', () => {
  test.each([ANCHOR, Date.UTC(2026, 0, 1), Date.UTC(2024, 1, 29, 23, 59, 59, 999), Date.UTC(2026, 5, 1, 0, 0, 0, 1)])(
    'never reaches the anchor %p, and goes back three years',
    (anchor) => {
      const all = instants(anchor, 5_000);
      expect(all.every((instant, index) => index === 0 || instant >= (all[index - 1] ?? 0))).toBe(true);
      expect(all.every(Number.isInteger)).toBe(true);
      expect(all.at(-1)).toBeLessThan(anchor);
      expect(all[0]).toBeGreaterThanOrEqual(anchor - (COMPANY_DAYS + 1) * DAY_MS);
    },
  );

  test('grows from year to year', () => {
    const years = [0, 0, 0];
    for (const instant of instants()) {
      const year = Math.min(2, Math.floor((ANCHOR - instant) / (365 * DAY_MS)));
      years[year] = (years[year] ?? 0) + 1;
    }
    const [last = 0, before = 0, first = 0] = years;
    expect(last).toBeGreaterThan(before * 1.3);
    expect(before).toBeGreaterThan(first * 1.1);
  });

  test('rests at night and on Saturdays', () => {
    const hours = new Array<number>(24).fill(0);
    const weekdays = new Array<number>(7).fill(0);
    for (const instant of instants()) {
      const local = new Date(instant - 3 * 3_600_000);
      hours[local.getUTCHours()] = (hours[local.getUTCHours()] ?? 0) + 1;
      weekdays[local.getUTCDay()] = (weekdays[local.getUTCDay()] ?? 0) + 1;
    }
    expect(hours[20]).toBeGreaterThan((hours[4] ?? 0) * 10);
    expect(weekdays[2]).toBeGreaterThan((weekdays[6] ?? 0) * 1.2);
  });

  test('lets some rows share their instant with the one before', () => {
    const all = instants();
    const ties = all.filter((instant, index) => instant === all[index - 1]);
    expect(ties.length).toBeGreaterThan(20);
    expect(ties.length).toBeLessThan(200);
  });
});

test('counting instants up to one is the same by search and by going along', () => {
  const all = Float64Array.from([10, 20, 20, 30]);
  const count = countingUntil(all);
  for (const instant of [0, 10, 15, 20, 29, 30, 99]) {
    const expected = all.filter((each) => each <= instant).length;
    expect(countUntil(all, instant)).toBe(expected);
    expect(count(instant)).toBe(expected);
  }
});
