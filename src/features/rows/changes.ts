import type { SheetContent } from './sheet-content.ts';
import { fingerprint, fingerprintAt, type SheetState } from './sheet-state.ts';

/** Rows of a table. */
export interface RowRange {
  /** From 0. */
  readonly first: number;
  readonly count: number;
}

/**
 * The first rows to write: from the first changed row to the last within `mostRows`. Each range costs two requests whatever
 * its size, so unchanged rows in between are written with the others.
 *
 * @returns undefined if the table holds the sheet, and nothing below it
 */
export function nextChange({ rows }: SheetContent, state: SheetState, mostRows: number): RowRange | undefined {
  const height = Math.max(rows.length, state.rows.length);
  const isChanged = (row: number) => fingerprint(rows[row] ?? []) !== fingerprintAt(state, row);
  let first = 0;
  while (first < height && !isChanged(first)) first += 1;
  if (first === height) return undefined;
  let last = Math.min(height, first + mostRows) - 1;
  while (last > first && !isChanged(last)) last -= 1;
  return { first, count: last - first + 1 };
}

/** The cells of a range, filled up with empty ones to as many columns as the table has. */
export function cellsIn({ rows }: SheetContent, { first, count }: RowRange, columns: number): string[][] {
  return Array.from({ length: count }, (_, index) => {
    const row = rows[first + index] ?? [];
    return [...row, ...Array<string>(columns - row.length).fill('')];
  });
}
