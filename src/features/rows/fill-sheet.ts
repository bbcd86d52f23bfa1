import type { OutletMemory } from '../../core/outlets/outlet.ts';
import { MOST_CELLS, type RowsApi } from './api.ts';
import type { Found } from './cells.ts';
import { cellsIn, nextChange, type RowRange } from './changes.ts';
import { confirm, isHeld } from './confirm.ts';
import { RangeRefusedError, TableMissingError, TooLargeError } from './errors.ts';
import { type CellRange, cellsOf } from './range.ts';
import type { SheetContent } from './sheet-content.ts';
import { fingerprint, remember, rememberedState, type SheetState, setFingerprints, UNKNOWN } from './sheet-state.ts';
import type { Tables } from './tables.ts';

/** What a pass has at hand to fill sheets. */
export interface Filling {
  readonly api: RowsApi;
  readonly tables: Tables;
  readonly memory: OutletMemory;
  /** The table of a sheet that a setting names. */
  readonly givenTables: ReadonlyMap<string, string>;
  /** Whether to read what the table of a sheet holds instead of relying on memory. */
  mustRead(sheet: SheetContent): boolean;
  wait(milliseconds: number): Promise<void>;
}

/**
 * Writes the rows of a sheet that its table does not hold, empties those left over from a longer list, and reads back what was
 * written. A table that was deleted meanwhile is made again.
 *
 * @throws RefusedError, RetryLaterError
 */
export async function fillSheet(filling: Filling, sheet: SheetContent): Promise<void> {
  try {
    await writeChanges(filling, sheet, await stateOf(filling, sheet));
  } catch (error) {
    if (!(error instanceof TableMissingError) || filling.givenTables.has(sheet.name)) throw error;
    filling.tables.forget();
    await writeChanges(filling, sheet, await findTable(filling, sheet));
  }
}

async function stateOf(filling: Filling, sheet: SheetContent): Promise<SheetState> {
  const { memory, givenTables, mustRead } = filling;
  const known = rememberedState(memory, sheet.name);
  const given = givenTables.get(sheet.name);
  if (known !== undefined && (given === undefined || given === known.table)) {
    return mustRead(sheet) ? readTable(filling, sheet, known) : known;
  }
  return given === undefined ? findTable(filling, sheet) : readTable(filling, sheet, emptyTable(given));
}

async function findTable(filling: Filling, sheet: SheetContent): Promise<SheetState> {
  const { id, isNew } = await filling.tables.findOrMake(sheet.name);
  return isNew ? emptyTable(id) : readTable(filling, sheet, emptyTable(id));
}

function emptyTable(table: string): SheetState {
  return { table, columns: 0, rows: [] };
}

/**
 * Compares what a table holds with the sheet. Of a table that was never written, as much as one request can read.
 *
 * A row of which a write is under way is written again whatever it holds: that write may come after the reading.
 */
async function readTable(filling: Filling, sheet: SheetContent, state: SheetState): Promise<SheetState> {
  const columns = widthOf(sheet, state);
  const most = Math.floor(MOST_CELLS / columns);
  const isUnknown = state.columns === 0;
  const height = Math.max(isUnknown ? most : state.rows.length, sheet.rows.length);
  const read: SheetState = { ...emptyTable(state.table), columns };
  for (let first = 0; first < height; first += most) {
    const range = { first, count: Math.min(most, height - first) };
    const cells = cellRange(sheet, state, range, columns);
    const found = await (isUnknown ? readIfPossible(filling, cells) : filling.api.read(cells));
    const rows = cellsIn(sheet, range, columns);
    setFingerprints(
      read,
      first,
      rows.map((row, index) => {
        const isUnderWay = state.rows[first + index] === UNKNOWN;
        return !isUnderWay && isHeld(found[index], row) ? fingerprint(row) : UNKNOWN;
      }),
    );
  }
  await remember(filling.memory, sheet.name, read);
  return read;
}

/** A range that ends below a small table may be refused. The table then counts as empty. */
async function readIfPossible({ api }: Filling, cells: CellRange): Promise<readonly (readonly Found[])[]> {
  try {
    return await api.read(cells);
  } catch (error) {
    if (error instanceof RangeRefusedError) return [];
    throw error;
  }
}

async function writeChanges(filling: Filling, sheet: SheetContent, state: SheetState): Promise<void> {
  const { api, memory } = filling;
  const columns = widthOf(sheet, state);
  state.columns = columns;
  let most = Math.floor(MOST_CELLS / columns);
  for (let range = nextChange(sheet, state, most); range; range = nextChange(sheet, state, most)) {
    const rows = cellsIn(sheet, range, columns);
    const cells = cellRange(sheet, state, range, columns);
    // Before the request, since its outcome may stay unknown: the table then holds either the old or the new rows.
    setFingerprints(state, range.first, Array<string>(range.count).fill(UNKNOWN));
    await remember(memory, sheet.name, state);
    try {
      await api.write(cells, rows);
    } catch (error) {
      if (!(error instanceof TooLargeError) || range.count === 1) throw error;
      most = Math.ceil(range.count / 2);
      continue;
    }
    await confirm(filling, cells, rows);
    setFingerprints(
      state,
      range.first,
      rows.map((row) => fingerprint(row)),
    );
    await remember(memory, sheet.name, state);
  }
}

function widthOf({ rows: [header = []] }: SheetContent, { columns }: SheetState): number {
  return Math.max(header.length, columns);
}

function cellRange({ name }: SheetContent, { table }: SheetState, range: RowRange, columns: number): CellRange {
  return cellsOf({ id: table, name }, { row: range.first, column: 0 }, { rows: range.count, columns });
}
