import type { FigureValues } from '../../../src/core/history/figure-values.ts';

export const SOURCE = 'SQL Server db.example/Shop';
export const MINUTE_MS = 60_000;

/** Values of `claims`: figures `a` and `b`. */
export function values(a: number | null, b: number | null = null, source = SOURCE): FigureValues {
  return { feature: 'claims', source, figures: ['a', 'b'], values: [a, b] };
}
