import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { addFractions, compareFractions, fraction, ZERO } from '../../../src/core/figures/fraction.ts';

const numerators = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const denominators = fc.bigInt({ min: 1n, max: 10n ** 6n });
const fractions = fc.tuple(numerators, denominators).map(([above, below]) => fraction(above, below));

describe('fraction', () => {
  test('is in lowest terms, sign above', () => {
    expect(fraction(6n, 4n)).toEqual({ numerator: 3n, denominator: 2n });
    expect(fraction(-6n, 4n)).toEqual({ numerator: -3n, denominator: 2n });
    expect(fraction(0n, 7n)).toEqual(ZERO);
  });

  test('three thirds are one', () => {
    const third = fraction(1n, 3n);
    expect(addFractions(addFractions(third, third), third)).toEqual({ numerator: 1n, denominator: 1n });
  });

  test('a sum does not depend on the order of its terms', () => {
    fc.assert(
      fc.property(fc.array(fractions, { maxLength: 12 }), (terms) => {
        const forwards = terms.reduce(addFractions, ZERO);
        expect(terms.toReversed().reduce(addFractions, ZERO)).toEqual(forwards);
      }),
    );
  });

  test('compares as the difference does', () => {
    expect(compareFractions(fraction(1n, 3n), fraction(333_333n, 1_000_000n))).toBe(1);
    fc.assert(
      fc.property(fractions, fractions, (left, right) => {
        const difference = addFractions(left, fraction(-right.numerator, right.denominator)).numerator;
        expect(compareFractions(left, right)).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
      }),
    );
  });
});
