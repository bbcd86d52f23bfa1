import { roundRatio } from './rounding.ts';

/**
 * Money in whole cents (BRL). Sums are whole numbers; only the API has amounts with 2 decimals.
 */
export type Cents = number;

/**
 * Converts cents to BRL: 12345 becomes 123.45.
 *
 * @throws RangeError if the sum is beyond 2^53 cents, where a double no longer holds every cent
 */
export function toReais(cents: Cents): number {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`${cents} is not a whole number of cents`);
  // A single division rounds to the nearest double, the same as parsing the decimal text.
  return cents / 100 || 0;
}

/** Mean amount in BRL of `count` payments that sum to `cents`; 0 if there are none. */
export function meanReais(cents: Cents, count: number): number {
  return roundRatio(cents, BigInt(count) * 100n);
}

const IN_WORDS = new Intl.NumberFormat('en', { style: 'currency', currency: 'BRL' });

/** Formats an amount for a sentence: 1234.5 becomes `R$1,234.50`. */
export function formatReais(reais: number): string {
  return IN_WORDS.format(reais);
}

/** Converts an amount with at most 2 decimals to cents: the inverse of `toReais`. */
export function toCents(reais: number): Cents {
  return Math.round(reais * 100);
}
