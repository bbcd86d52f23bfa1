/** A rational number, exact: numerator over a denominator above zero. */
export type Fraction = { readonly over: bigint; readonly under: bigint };

export const zero: Fraction = { over: 0n, under: 1n };

/** @param over a whole number; @param under a whole number other than 0 */
export function fraction(over: number | bigint, under: number | bigint = 1): Fraction {
  const sign = BigInt(under) < 0n ? -1n : 1n;
  return { over: sign * BigInt(over), under: sign * BigInt(under) };
}

export function plus(left: Fraction, right: Fraction): Fraction {
  return { over: left.over * right.under + right.over * left.under, under: left.under * right.under };
}

export function times(left: Fraction, right: Fraction): Fraction {
  return { over: left.over * right.over, under: left.under * right.under };
}

export function dividedBy(left: Fraction, right: Fraction): Fraction {
  return fraction(left.over * right.under, left.under * right.over);
}

export function sum(terms: readonly Fraction[]): Fraction {
  return terms.reduce(plus, zero);
}

/** 0 over nothing. */
export function mean(terms: readonly Fraction[]): Fraction {
  return terms.length === 0 ? zero : dividedBy(sum(terms), fraction(terms.length));
}

/** Below 0 when `left` is less, above 0 when it is more. */
export function compare(left: Fraction, right: Fraction): number {
  const difference = left.over * right.under - right.over * left.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Half away from zero; never a negative zero. */
export function rounded(value: Fraction, decimals = 2): number {
  const scale = 10n ** BigInt(decimals);
  const magnitude = (value.over < 0n ? -value.over : value.over) * scale;
  const nearest = (2n * magnitude + value.under) / (2n * value.under);
  return Number(value.over < 0n && nearest !== 0n ? -nearest : nearest) / Number(scale);
}

/** From 0 to 100; 0 over nothing. */
export function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : rounded(fraction(BigInt(part) * 100n, whole));
}

/** BRL of whole cents. */
export function brl(cents: number): Fraction {
  return fraction(cents, 100);
}
