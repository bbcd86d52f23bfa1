import { RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { RowsApi } from './api.ts';
import { type Found, holds } from './cells.ts';
import { type CellRange, cellName } from './range.ts';

/** Waits before each look at cells that were accepted, ms: they are written some time later. */
const LOOK_AFTER_MS = [500, 1_500, 4_000, 10_000];

export interface Confirming {
  readonly api: Pick<RowsApi, 'read'>;
  wait(milliseconds: number): Promise<void>;
}

/**
 * Reads cells back until they hold what was written.
 *
 * @throws RetryLaterError if they do not after 16 s
 */
export async function confirm(
  { api, wait }: Confirming,
  cells: CellRange,
  rows: readonly (readonly string[])[],
): Promise<void> {
  let failure: RetryLaterError | undefined;
  for (const milliseconds of LOOK_AFTER_MS) {
    await wait(milliseconds);
    try {
      const different = differentCell(await api.read(cells), cells, rows);
      if (different === undefined) return;
      failure = new RetryLaterError(
        `Rows.com accepted ${cells.what}, but its cell ${different} still holds something else`,
      );
    } catch (error) {
      // To write again would cost more than to look again.
      if (!(error instanceof RetryLaterError) || error.afterMs !== null) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** The first cell that does not hold what was written; undefined if all do. */
function differentCell(
  found: readonly (readonly Found[])[],
  { first }: CellRange,
  rows: readonly (readonly string[])[],
): string | undefined {
  const row = rows.findIndex((each, index) => !isHeld(found[index], each));
  const column = (rows[row] ?? []).findIndex((cell, index) => !holds(found[row]?.[index] ?? null, cell));
  return row < 0 ? undefined : cellName(first.row + row, first.column + column);
}

/** Whether a row of a table holds what was written to it. Cells that are missing are empty. */
export function isHeld(found: readonly Found[] = [], row: readonly string[]): boolean {
  return row.every((cell, column) => holds(found[column] ?? null, cell));
}
