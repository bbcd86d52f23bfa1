import { roundRatio } from './rounding.ts';

/**
 * Money in whole cents (BRL). Sums stay whole numbers until they leave as a JSON number with at most 2 decimals.
 */
export type Cents = number;

/**
 * Cents as the BRL number that leaves: 12345 becomes 123.45.
 *
 * @throws RangeError when the sum is beyond 2^53 cents, where a double no longer holds every cent
 */
export function toReais(cents: Cents): number {
  return roundRatio(cents, 100);
}

/** Mean amount in BRL of `count` payments that sum to `cents`; 0 over none. */
export function meanReais(cents: Cents, count: number): number {
  return roundRatio(cents, BigInt(count) * 100n);
}
