import type { Database } from 'bun:sqlite';
import type { TdsColumn } from './tds/rows.ts';

/** Rows of a SQLite table, with the types that a server would send. */
export interface TypedRows {
  readonly types: readonly TdsColumn['type'][];
  readonly rows: Iterable<readonly unknown[]>;
}

/** In larger tables the declared types are trusted, and rows are read while they are sent. */
const SMALL_ROWS = 50_000;
const PAGE_ROWS = 5_000;
const INT = 2 ** 31;

/** All rows of a table, with some of its columns. */
export function wholeTable(database: Database, table: string, columns: readonly string[]): TypedRows {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const declared = declaredTypes(database, table);
  const wanted = columns.map((column) => declared.get(column) ?? 'nvarchar');
  const [[count = 0] = []] = database.query(`select count(*) from "${table}"`).values();
  if (Number(count) > SMALL_ROWS) return { types: wanted, rows: inPages(database, table, list) };
  const rows = database.query(`select ${list} from "${table}"`).values();
  return { types: fittingTypes(wanted, rows), rows };
}

/** One row per key: the key, then the columns, all null if the row does not exist. */
export function rowsByKey(
  database: Database,
  table: string,
  key: string,
  columns: readonly string[],
  keys: readonly unknown[],
): TypedRows {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const select = database.query(`select ${list} from "${table}" where "${key}" = ?`);
  const declared = declaredTypes(database, table);
  const rows = keys.map((one) => {
    const value = typeof one === 'number' || typeof one === 'string' ? one : null;
    return [value, ...(select.values(value)[0] ?? columns.map(() => null))];
  });
  return {
    types: fittingTypes(
      [key, ...columns].map((column) => declared.get(column) ?? 'nvarchar'),
      rows,
    ),
    rows,
  };
}

function declaredTypes(database: Database, table: string): ReadonlyMap<string, TdsColumn['type']> {
  const columns = database
    .query<{ name: string; type: string }, [string]>('select name, type from pragma_table_info(?)')
    .all(table);
  return new Map(columns.map(({ name, type }) => [name, tdsType(type)]));
}

function* inPages(database: Database, table: string, list: string): Iterable<readonly unknown[]> {
  const page = database.query(
    `select rowid, ${list} from "${table}" where rowid > ? order by rowid limit ${PAGE_ROWS}`,
  );
  let last: unknown = -1;
  for (let rows = page.values(-1); rows.length > 0; rows = page.values(Number(last))) {
    for (const [rowid, ...row] of rows) {
      last = rowid;
      yield row;
    }
  }
}

function tdsType(declared: string): TdsColumn['type'] {
  const name = declared.toLowerCase().replace(/\(.*/, '').trim();
  switch (name) {
    case 'int':
    case 'integer':
      return 'int';
    case 'bigint':
    case 'bit':
    case 'datetime2':
    case 'time':
    case 'decimal':
    case 'uniqueidentifier':
    case 'varbinary':
      return name;
    case 'float':
    case 'real':
      return 'float';
    default:
      return /\((\d+)\)/.test(declared) ? 'short-nvarchar' : 'nvarchar';
  }
}

/** The expected types. For a column with values outside its type, a wider type, as a view may have. */
function fittingTypes(
  wanted: readonly TdsColumn['type'][],
  rows: readonly (readonly unknown[])[],
): TdsColumn['type'][] {
  return wanted.map((type, index) => {
    const values = rows.map((row) => row[index]).filter((value) => value !== null);
    const fitting = [type, 'int', 'bigint', 'float'] as const;
    return fitting.find((one) => values.every((value) => fits(one, value))) ?? 'nvarchar';
  });
}

function fits(type: TdsColumn['type'], value: unknown): boolean {
  switch (type) {
    case 'int':
      return Number.isInteger(value) && Math.abs(Number(value)) < INT;
    case 'bigint':
      return Number.isInteger(value) || typeof value === 'bigint';
    case 'float':
      return typeof value === 'number';
    case 'bit':
      return value === 0 || value === 1;
    case 'decimal':
      return typeof value === 'number' && /^-?\d{1,15}(\.\d{1,2})?$/.test(String(value));
    case 'datetime2':
      return (
        isText(value, /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,7})?Z?$/) &&
        !Number.isNaN(Date.parse(`${value.slice(0, 10)}T${value.slice(11, 19)}Z`))
      );
    case 'time':
      return isText(value, /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$/);
    case 'uniqueidentifier':
      return isText(value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
    case 'varbinary':
      return value instanceof Uint8Array;
    case 'short-nvarchar':
      return typeof value === 'string' && value.length <= 4_000;
    default:
      return typeof value === 'string';
  }
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}
