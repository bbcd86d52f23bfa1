/** A quantile (nearest rank); 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** The median: robust against rounds that a busy machine spoils. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
