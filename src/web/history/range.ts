/** The period that figures are compared over. */
export type Range = '24h' | '7d' | '30d' | '90d';

export const RANGES: readonly Range[] = ['24h', '7d', '30d', '90d'];
export const DEFAULT_RANGE: Range = '7d';
