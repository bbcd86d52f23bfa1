import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { meanReais, toReais } from '../../../src/core/figures/money.ts';
import { decimalText } from './decimal-oracle.ts';

const cents = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(9_999_999_999, -9_999_999_999, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);

describe('money', () => {
  test.each<[number, number]>([
    [12_345, 123.45],
    [10, 0.1],
    [5, 0.05],
    [-5, -0.05],
    [0, 0],
    [9_999_999_999, 99_999_999.99],
    [Number.MAX_SAFE_INTEGER, 90_071_992_547_409.91],
  ])('%d cents leave as %d', (amount, expected) => {
    expect(toReais(amount)).toBe(expected);
  });

  test('is added up exactly: ten times ten cents are one real', () => {
    expect(toReais(Array.from({ length: 10 }, () => 10).reduce((sum, amount) => sum + amount, 0))).toBe(1);
  });

  test('leaves as the JSON number of its decimal text, whatever the amount', () => {
    fc.assert(
      fc.property(cents, (amount) => {
        const text = decimalText(BigInt(amount), 100n, 2);
        expect(toReais(amount)).toBe(Number(text));
        expect(JSON.parse(JSON.stringify(toReais(amount)))).toBe(Number(text));
      }),
    );
  });

  test('beyond what a double holds to the cent is refused', () => {
    expect(() => toReais(2 ** 53)).toThrow(RangeError);
    expect(() => toReais(0.5)).toThrow(RangeError);
  });
});

describe('a mean amount', () => {
  test('is rounded once, half away from zero', () => {
    expect(meanReais(100, 3)).toBe(0.33);
    expect(meanReais(200, 3)).toBe(0.67);
    expect(meanReais(1, 2)).toBe(0.01);
    expect(meanReais(-1, 2)).toBe(-0.01);
  });

  test('over none is 0', () => {
    expect(meanReais(0, 0)).toBe(0);
    expect(meanReais(100, 0)).toBe(0);
  });

  test('is exact for any sum and count', () => {
    fc.assert(
      fc.property(cents, fc.nat(1_000_000), (sum, count) => {
        expect(meanReais(sum, count)).toBe(Number(decimalText(BigInt(sum), BigInt(count) * 100n, 2)));
      }),
    );
  });
});
