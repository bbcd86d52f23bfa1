/**
 * Exact rounding of ratios of whole numbers.
 *
 * Every rounded figure is rounded here: once, at the end, half away from zero (contract, section 3). Uses `bigint`, because
 * `0.1 + 0.2` and `1.005 * 100` are not exact with doubles.
 */

/**
 * Rounds `numerator / denominator` half away from zero to `decimals` places.
 *
 * @param numerator whole number
 * @param denominator whole number; if it is 0, so is the result
 * @param decimals default 2
 * @throws RangeError if an operand is not a whole number that a double holds exactly
 */
export function roundRatio(numerator: bigint | number, denominator: bigint | number, decimals = 2): number {
  const below = toBigInt(denominator);
  if (below === 0n) return 0;
  const above = toBigInt(numerator) * 10n ** BigInt(decimals);
  return scaled(divideHalfAwayFromZero(above, below), decimals);
}

/** A share of a whole in percent, 0 to 100, rounded to 2 places; 0 if the whole is 0. */
export function percentage(part: bigint | number, whole: bigint | number): number {
  return roundRatio(toBigInt(part) * 100n, whole);
}

/** Whole-number division, half away from zero. */
export function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const above = numerator < 0n ? -numerator : numerator;
  const below = denominator < 0n ? -denominator : denominator;
  const rounded = (above * 2n + below) / (below * 2n);
  return negative ? -rounded : rounded;
}

function toBigInt(value: bigint | number): bigint {
  if (typeof value === 'bigint') return value;
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number that can be added up exactly`);
  return BigInt(value);
}

/** Parses the decimal text, which yields the nearest double: it prints with at most `decimals` places. */
function scaled(value: bigint, decimals: number): number {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const number = Number(`${digits.slice(0, split)}.${digits.slice(split)}`);
  return negative && number !== 0 ? -number : number;
}
