import type { Database } from 'bun:sqlite';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { UNREADABLE, wholeNumber } from '../raw-cell.ts';
import type { LoggedKey } from './change-log.ts';
import { quoted, type SqliteTable } from './sqlite-tables.ts';

/** Rows per batch. */
const ROWS_AT_ONCE = 2_000;
const BEFORE_ALL = '-9223372036854775808';

/** Every row of a table, in batches. Must run in a transaction: the database must not change meanwhile. */
export function* readTable(database: Database, table: SqliteTable): Generator<readonly RawRow[]> {
  if (table.rowid === null) yield* readInOrder(database, table);
  else yield* readByRowid(database, table, quoted(table.rowid));
}

/** Pages by rowid, so that no statement stays open between two batches. */
function* readByRowid(database: Database, table: SqliteTable, rowid: string): Generator<readonly RawRow[]> {
  // The rowid as text, since some connections do not read numbers beyond 2^53 exactly.
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

/** A view has no rowid to page by: one statement reads it. */
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

/** The rows with these keys, and the keys without a row. The table must have a unique key. */
export function readKeys(
  database: Database,
  table: SqliteTable,
  keys: readonly LoggedKey[],
): { readonly rows: RawRow[]; readonly deleted: RawCell[] } {
  const byKey = database.query<unknown, [LoggedKey]>(
    `select ${selected(database, table)} from main.${quoted(table.name)} where ${quoted(table.columns[0] ?? '')} is ?`,
  );
  const rows: RawRow[] = [];
  const deleted: RawCell[] = [];
  for (const key of keys) {
    const found = byKey.values(key);
    if (found.length === 0) deleted.push(rawCellOf(key));
    for (const row of found) rows.push(row.map(rawCellOf));
  }
  return { rows, deleted };
}

/** The select list in the mirror's order, with null for missing columns. */
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
