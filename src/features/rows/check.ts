import type { CheckOptions, OutletFinding } from '../../core/outlets/outlet.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { createRowsApi, type RowsApi, type RowsPage } from './api.ts';
import { confirm } from './confirm.ts';
import { cellName, cellsOf } from './range.ts';
import type { RowsSettings } from './settings.ts';
import { DASHBOARD } from './sheet-content.ts';
import { tableIn } from './tables.ts';
import { waitFor } from './wait-for.ts';

/** To the right of every column of `Dashboard`, with one between. */
const FREE_COLUMN = 6;
const MOST_ROWS = 100;

/**
 * Looks for the tables. May also write an unused cell of `Dashboard`, read it back and empty it. A dozen requests at most.
 *
 * @throws RefusedError, RetryLaterError
 */
export async function checkRows(
  settings: RowsSettings,
  features: readonly Feature[],
  { write, fetch }: CheckOptions,
  clock: Clock,
): Promise<OutletFinding[]> {
  const api = createRowsApi({ ...settings, fetch, clock });
  const pages = await api.pages();
  const names = [DASHBOARD, ...features.flatMap(({ sheets }) => sheets.map(({ name }) => name))];
  const present = names.filter((name) => tableOf(name, settings, pages) !== undefined);
  const found = `accepts the key; ${present.length} of ${names.length} tables are there`;
  const dashboard = tableOf(DASHBOARD, settings, pages);
  if (dashboard === undefined && settings.dashboardTable !== null) {
    const next = 'correct ROWS_TABLE_ID, or remove it: the table is then found by its name';
    return [{ what: 'Rows.com', verdict: 'broken', found: `${found}; ROWS_TABLE_ID names none of its tables`, next }];
  }
  const access: OutletFinding = { what: 'Rows.com', verdict: 'ok', found, next: null };
  return write ? [access, await checkWriting(api, dashboard, clock)] : [access];
}

/** A table that a setting names counts only if the spreadsheet has it. */
function tableOf(name: string, { dashboardTable }: RowsSettings, pages: readonly RowsPage[]): string | undefined {
  if (name !== DASHBOARD || dashboardTable === null) return tableIn(pages, name);
  return pages.flatMap(({ tables = [] }) => tables).find(({ id }) => id === dashboardTable)?.id;
}

async function checkWriting(api: RowsApi, id: string | undefined, clock: Clock): Promise<OutletFinding> {
  const what = 'cell of Rows.com';
  if (id === undefined) {
    const next = 'start the server, which makes its tables, and run the doctor again';
    return { what, verdict: 'warning', found: `there is no table ${DASHBOARD} to write to`, next };
  }
  const table = { id, name: DASHBOARD };
  const column = await api.read(cellsOf(table, { row: 0, column: FREE_COLUMN }, { rows: MOST_ROWS, columns: 1 }));
  const lastUsed = column.findLastIndex(([cell = null]) => cell !== null && cell !== '');
  const first = { row: lastUsed + 1, column: FREE_COLUMN };
  const cell = cellsOf(table, first, { rows: 1, columns: 1 });
  const wait = (milliseconds: number) => waitFor(milliseconds, clock);
  for (const text of ['Greg BI', '']) {
    await api.write(cell, [[text]]);
    await confirm({ api, wait }, cell, [[text]]);
  }
  const found = `${DASHBOARD}!${cellName(first.row, first.column)} was written, read back and emptied`;
  return { what, verdict: 'ok', found, next: null };
}
