import { roundRatio } from './rounding.ts';

/**
 * Money in whole cents (BRL). Sums stay whole numbers until they leave as a JSON number with at most 2 decimals.
 */
export type Cents = number;

/**
 * Cents as the BRL number that leaves: 12345 becomes 123.45.
 *
 * @throws RangeError if the sum is beyond 2^53 cents, where a double no longer holds every cent
 */
export function toReais(cents: Cents): number {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`${cents} is not a whole number of cents`);
  // One division is rounded once, to the double nearest to the exact amount, as its decimal text would be.
  return cents / 100 || 0;
}

/** Mean amount in BRL of `count` payments that sum to `cents`; 0 over none. */
export function meanReais(cents: Cents, count: number): number {
  return roundRatio(cents, BigInt(count) * 100n);
}

const IN_WORDS = new Intl.NumberFormat('en', { style: 'currency', currency: 'BRL' });

/** An amount as it stands in a sentence: 1234.5 becomes `R$1,234.50`. */
export function formatReais(reais: number): string {
  return IN_WORDS.format(reais);
}

/** The whole cents of an amount with at most 2 decimals: what `toReais` was given. */
export function toCents(reais: number): Cents {
  return Math.round(reais * 100);
}
