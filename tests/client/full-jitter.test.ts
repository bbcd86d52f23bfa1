import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fullJitter } from '../../src/client/full-jitter.ts';

const BACKOFF = { baseMs: 1_000, limitMs: 30_000 };

describe('full jitter', () => {
  test('takes anything from nothing to twice as much each time, up to the limit', () => {
    const most = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => fullJitter(failures, 1, BACKOFF));
    expect(most).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    for (const failures of [1, 5, 100]) expect(fullJitter(failures, 0, BACKOFF)).toBe(0);
  });

  test('is never out of these bounds, and grows with the random number', () => {
    const parts = fc.constantFrom(0, 0.25, 0.5, 0.999);
    const bounds = fc.property(fc.integer({ min: 1, max: 2_000 }), parts, parts, (failures, left, right) => {
      const [less, more] = [left, right].sort().map((random) => fullJitter(failures, random, BACKOFF));
      expect(less).toBeGreaterThanOrEqual(0);
      expect(more).toBeLessThanOrEqual(BACKOFF.limitMs);
      expect(less).toBeLessThanOrEqual(more ?? -1);
    });
    fc.assert(bounds);
  });

  test('spreads a thousand clients over the whole time', () => {
    const delays = Array.from({ length: 1_000 }, (_, index) => fullJitter(6, index / 1_000, BACKOFF));
    const inEachSecond = Array.from({ length: 30 }, (_, second) => {
      return delays.filter((delay) => Math.floor(delay / 1_000) === second).length;
    });
    expect(Math.max(...inEachSecond)).toBeLessThanOrEqual(34);
    expect(Math.min(...inEachSecond)).toBeGreaterThanOrEqual(33);
  });
});
