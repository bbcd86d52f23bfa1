import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { divideHalfAwayFromZero, percentage, roundRatio } from '../../../src/core/figures/rounding.ts';
import { decimalText } from './decimal-oracle.ts';

const whole = fc.oneof(
  fc.bigInt({ min: -1_000n, max: 1_000n }),
  fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
);

describe('a rounded ratio', () => {
  test.each<[number, number, number]>([
    [1, 200, 0.01],
    [-1, 200, -0.01],
    [1, -200, -0.01],
    [-1, -200, 0.01],
    [1_005, 1_000, 1.01],
    [-1_005, 1_000, -1.01],
    [2_675, 1_000, 2.68],
    [1_004, 1_000, 1],
    [2, 3, 0.67],
    [1, 3, 0.33],
    [49, 10_000, 0],
    [50, 10_000, 0.01],
    [Number.MAX_SAFE_INTEGER, 1, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, 100, 90_071_992_547_409.91],
  ])('%d / %d is %d: half away from zero', (above, below, expected) => {
    expect(roundRatio(above, below)).toBe(expected);
  });

  test('over nothing is 0', () => {
    expect(roundRatio(5, 0)).toBe(0);
    expect(roundRatio(-5n, 0n)).toBe(0);
    expect(percentage(5, 0)).toBe(0);
  });

  test('is never a negative zero', () => {
    for (const above of [0, -0, -1]) expect(Object.is(roundRatio(above, 1_000), 0)).toBe(true);
    expect(Object.is(roundRatio(0, -7), 0)).toBe(true);
  });

  test('keeps the requested number of decimals', () => {
    expect([0, 1, 2, 3, 6].map((places) => roundRatio(12_345_678, 1_000_000, places))).toEqual([
      12, 12.3, 12.35, 12.346, 12.345678,
    ]);
    expect(roundRatio(25, 10, 0)).toBe(3);
    expect(roundRatio(5, 4, 1)).toBe(1.3);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('of %p is refused: it is not exact', (operand) => {
    expect(() => roundRatio(operand, 1)).toThrow(RangeError);
    expect(() => roundRatio(1, operand)).toThrow(RangeError);
    expect(() => percentage(operand, 1)).toThrow(RangeError);
  });

  test('is the double nearest to the exact decimal, of any whole numbers', () => {
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: 0, max: 6 }), (above, below, places) => {
        expect(roundRatio(above, below, places)).toBe(Number(decimalText(above, below, places)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('prints with no more places than it was rounded to, as long as a double holds them', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        (a, b) => {
          expect(String(roundRatio(a, b))).toMatch(/^-?\d+(\.\d{1,2})?$/);
        },
      ),
    );
  });

  test('of the opposite is the opposite', () => {
    fc.assert(
      fc.property(whole, whole, (above, below) => {
        expect(roundRatio(-above, below) + roundRatio(above, below)).toBe(0);
        expect(roundRatio(above, -below) + roundRatio(above, below)).toBe(0);
      }),
    );
  });
});

describe('whole-number division', () => {
  test('is off by at most half of the divisor, and a half goes away from zero', () => {
    fc.assert(
      fc.property(
        whole,
        whole.filter((below) => below !== 0n),
        (above, below) => {
          const quotient = divideHalfAwayFromZero(above, below);
          const magnitude = (value: bigint) => (value < 0n ? -value : value);
          const twiceOff = 2n * magnitude(quotient * below - above);
          expect(twiceOff <= magnitude(below)).toBe(true);
          if (twiceOff === magnitude(below)) expect(magnitude(quotient * below) > magnitude(above)).toBe(true);
        },
      ),
    );
  });
});

describe('a percentage', () => {
  test('runs from 0 to 100, with 2 places', () => {
    expect([percentage(0, 7), percentage(1, 3), percentage(2, 3), percentage(7, 7)]).toEqual([0, 33.33, 66.67, 100]);
    expect(percentage(1, 20_000)).toBe(0.01);
    expect(percentage(1n, 8n)).toBe(12.5);
  });

  test('lies within its bounds for every part of a whole', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        const share = percentage(Math.min(one, other), Math.max(one, other));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(100);
      }),
    );
  });
});
