import { systemClock } from '../../core/runtime/clock.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { createRowsApi, type RowsApi, type RowsPage } from './api.ts';
import { confirm } from './confirm.ts';
import { cellName, cellsOf } from './range.ts';
import type { RowsSettings } from './settings.ts';
import { DASHBOARD } from './sheet-content.ts';
import { tableIn } from './tables.ts';
import { waitFor } from './wait-for.ts';

const WITHIN_MS = 60_000;

/** To the right of every column of `Dashboard`, with one between. */
const FREE_COLUMN = 6;
const MOST_ROWS = 100;

export interface RowsCheck {
  /** Sheets, and those of them with a table. */
  readonly sheets: number;
  readonly tables: number;
  /** The cell that was written, read back and emptied; null if there is no table yet, or none was to be written. */
  readonly written: string | null;
}

/**
 * Looks for the tables, and if asked writes an unused cell of `Dashboard`, reads it back and empties it. Outside the budget of
 * the outlet: at most a dozen requests.
 *
 * @throws RefusedError, RetryLaterError
 */
export async function checkRows(
  settings: RowsSettings,
  { features, mustWrite }: { readonly features: readonly Feature[]; readonly mustWrite: boolean },
): Promise<RowsCheck> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const api = createRowsApi({
    ...settings,
    fetch: (url, init) => fetch(url, { ...init, redirect: 'manual', signal }),
    signal,
    clock: systemClock,
  });
  const pages = await api.pages();
  const names = [DASHBOARD, ...features.flatMap(({ sheets }) => sheets.map(({ name }) => name))];
  const found = names.filter((name) => tableOf(name, settings, pages) !== undefined);
  const dashboard = tableOf(DASHBOARD, settings, pages);
  const written = mustWrite && dashboard !== undefined ? await writeFreeCell(api, dashboard, signal) : null;
  return { sheets: names.length, tables: found.length, written };
}

/** A table that a setting names counts only if the spreadsheet has it. */
function tableOf(name: string, { dashboardTable }: RowsSettings, pages: readonly RowsPage[]): string | undefined {
  if (name !== DASHBOARD || dashboardTable === null) return tableIn(pages, name);
  return pages.flatMap(({ tables = [] }) => tables).find(({ id }) => id === dashboardTable)?.id;
}

async function writeFreeCell(api: RowsApi, id: string, signal: AbortSignal): Promise<string> {
  const table = { id, name: DASHBOARD };
  const column = await api.read(cellsOf(table, { row: 0, column: FREE_COLUMN }, { rows: MOST_ROWS, columns: 1 }));
  const used = column.findLastIndex(([cell = null]) => cell !== null && cell !== '');
  const first = { row: used + 1, column: FREE_COLUMN };
  const cell = cellsOf(table, first, { rows: 1, columns: 1 });
  const wait = (milliseconds: number) => waitFor(milliseconds, systemClock, signal);
  for (const text of ['Greg BI', '']) {
    await api.write(cell, [[text]]);
    await confirm({ api, wait }, cell, [[text]]);
  }
  return `${DASHBOARD}!${cellName(first.row, first.column)}`;
}
