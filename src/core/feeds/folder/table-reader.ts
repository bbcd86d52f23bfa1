import type { Database } from 'bun:sqlite';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { UNREADABLE, wholeNumber } from '../raw-cell.ts';
import type { LoggedKey } from './change-log.ts';
import { quoted, type SqliteTable } from './sqlite-tables.ts';

/** Rows per batch. */
const ROWS_AT_ONCE = 2_000;
const BEFORE_ALL = '-9223372036854775808';

/** Every row of a table, in pieces. The database must not change meanwhile: read in a transaction. */
export function* readTable(database: Database, table: SqliteTable): Generator<readonly RawRow[]> {
  if (table.rowid === null) yield* readInOrder(database, table);
  else yield* readByRowid(database, table, quoted(table.rowid));
}

/** Rows by their numbers, so that nothing is kept open between two pieces. */
function* readByRowid(database: Database, table: SqliteTable, rowid: string): Generator<readonly RawRow[]> {
  // As text, since some connections do not read numbers beyond 2^53 exactly.
  const page = database.query<unknown, [string]>(
    `select ${selected(database, table)}, cast(${rowid} as text) from main.${quoted(table.name)}
     where ${rowid} > cast(? as integer) order by ${rowid} limit ${ROWS_AT_ONCE}`,
  );
  let last = BEFORE_ALL;
  for (;;) {
    const rows = page.values(last);
    if (rows.length === 0) return;
    yield rows.map((row) => {
      last = String(row.pop());
      return row.map(rawCellOf);
    });
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

/** A view has no numbers of rows, and none of its own order. */
function* readInOrder(database: Database, table: SqliteTable): Generator<readonly RawRow[]> {
  const all = database.query<Record<string, unknown>, []>(
    `select ${selected(database, table, (index) => ` as c${index}`)} from main.${quoted(table.name)}`,
  );
  const names = table.columns.map((_, index) => `c${index}`);
  let rows: RawRow[] = [];
  for (const row of all.iterate()) {
    rows.push(names.map((name) => rawCellOf(row[name])));
    if (rows.length < ROWS_AT_ONCE) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** The rows of some keys of a table in which a key names one row, and the keys that are not there. */
export function readKeys(
  database: Database,
  table: SqliteTable,
  keys: readonly LoggedKey[],
): { readonly rows: RawRow[]; readonly gone: RawCell[] } {
  const byKey = database.query<unknown, [LoggedKey]>(
    `select ${selected(database, table)} from main.${quoted(table.name)} where ${quoted(table.columns[0] ?? '')} is ?`,
  );
  const rows: RawRow[] = [];
  const gone: RawCell[] = [];
  for (const key of keys) {
    const found = byKey.values(key);
    if (found.length === 0) gone.push(rawCellOf(key));
    for (const row of found) rows.push(row.map(rawCellOf));
  }
  return { rows, gone };
}

/** The columns in the mirror's order, null if there is none. */
function selected(database: Database, { columns }: SqliteTable, suffix: (index: number) => string = () => ''): string {
  const exact = readsExactly(database) ? quoted : exactly;
  return columns.map((column, index) => `${column === null ? 'null' : exact(column)}${suffix(index)}`).join(', ');
}

/** Whether the connection reads whole numbers beyond 2^53 exactly. */
function readsExactly(database: Database): boolean {
  return typeof database.query<unknown, []>('select 1').values()[0]?.[0] === 'bigint';
}

function exactly(column: string): string {
  const name = quoted(column);
  const limit = Number.MAX_SAFE_INTEGER;
  return `case when typeof(${name}) = 'integer' and ${name} not between -${limit} and ${limit} then cast(${name} as text) else ${name} end`;
}

/** A SQLite value as JSON. */
export function rawCellOf(value: unknown): RawCell {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'bigint') return wholeNumber(String(value));
  return typeof value === 'number' && Number.isFinite(value) ? value : UNREADABLE;
}
