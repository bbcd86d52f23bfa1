import { describe, expect, test } from 'bun:test';
import { brl, compare, dividedBy, fraction, mean, percentage, plus, rounded, sum, times, zero } from './exact.ts';

describe('exact arithmetic of the oracle', () => {
  test.each([
    [fraction(1005, 1000), 1.01],
    [fraction(-1005, 1000), -1.01],
    [fraction(1004, 1000), 1],
    [fraction(2, 3), 0.67],
    [fraction(-1, 1000), 0],
    [fraction(1, -200), -0.01],
    [fraction(99_999_999_999_985n, 1000n), 99_999_999_999.99],
  ])('%p rounds to %p, half away from zero', (value, expected) => {
    expect(rounded(value)).toBe(expected);
  });

  test('one decimal', () => {
    expect(rounded(fraction(5, 4), 1)).toBe(1.3);
  });

  test('sums that binary floats miss', () => {
    expect(rounded(sum([brl(10), brl(20)]))).toBe(0.3);
    expect(compare(plus(fraction(1, 10), fraction(2, 10)), fraction(3, 10))).toBe(0);
  });

  test('orders, multiplies and divides', () => {
    expect(compare(fraction(1, 3), fraction(2, 3))).toBeLessThan(0);
    expect(compare(fraction(-1, 3), fraction(-2, 3))).toBeGreaterThan(0);
    expect(rounded(times(fraction(36_525, 1200), fraction(4)))).toBe(121.75);
    expect(rounded(dividedBy(fraction(1), fraction(-8)))).toBe(-0.13);
  });

  test('a share or mean over nothing is 0', () => {
    expect(percentage(0, 0)).toBe(0);
    expect(percentage(1, 3)).toBe(33.33);
    expect(mean([])).toEqual(zero);
  });
});
