import { Database } from 'bun:sqlite';
import type { Column } from '../../src/company/column.ts';
import { hasSpelling } from '../../src/company/table.ts';
import { sqlTables } from '../../src/company/tables.ts';
import type { RawCell, RawRow } from '../../src/core/mirror/mirror-writer.ts';

export type CompanyRow = Readonly<Record<string, string | number | null>>;

/**
 * The company's tables in an empty SQLite database, with the types of SQL Server as their declared types.
 *
 * @param without optional columns to leave out, as `Table.Column`
 */
export function emptyCompany(without: readonly string[] = []): Database {
  const database = new Database(':memory:');
  for (const { name } of sqlTables) makeTable(database, name, without);
  return database;
}

export function makeTable(database: Database, name: string, without: readonly string[] = []): void {
  const table = sqlTables.find((one) => one.name === name);
  const columns = Object.entries(table?.columns ?? {})
    .filter(([column]) => !without.includes(`${name}.${column}`))
    .map(
      ([column, { sqlType }]) =>
        `"${column}" ${sqlType.replace('(max)', '')}${column === table?.key ? ' not null primary key' : ''}`,
    );
  database.run(`create table "${name}" (${columns.join(', ')})`);
}

/** A value for each column that is not given; equal for equal keys. */
export function companyRow(table: string, key: string | number, given: CompanyRow = {}): CompanyRow {
  const found = sqlTables.find(({ name }) => name === table);
  const columns = Object.entries(found?.columns ?? {});
  return {
    ...Object.fromEntries(columns.map(([name, column]) => [name, someValue(column, `${name} ${key}`)])),
    [found?.key ?? 'Id']: key,
    ...given,
  };
}

export function insertRow(database: Database, table: string, row: CompanyRow): void {
  const names = Object.keys(row);
  const sql = `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map(() => '?').join(', ')})`;
  database.query(sql).run(...Object.values(row));
}

/** The rows that a feed must deliver, by their keys as text. */
export function rawRowsOf(database: Database, table: string, columns: readonly string[]): Map<string, RawRow> {
  const found = sqlTables.find(({ name }) => name === table);
  const there = new Set(
    database
      .query<{ name: string }, [string]>('select name from pragma_table_info(?)')
      .all(table)
      .map(({ name }) => name),
  );
  const rows = database.query<Record<string, string | number | null>, []>(`select * from "${table}"`).all();
  return new Map(
    rows.map((row) => [
      String(row[found?.key ?? 'Id']),
      columns.map((name) =>
        there.has(name) ? rawCellOf(row[name] ?? null, found?.columns[name]?.sqlType ?? '') : null,
      ),
    ]),
  );
}

function rawCellOf(value: string | number | null, sqlType: string): RawCell {
  if (value === null) return null;
  switch (sqlType) {
    case 'datetime2':
      return new Date(`${String(value).slice(0, 23).replace('Z', '')}Z`).toISOString();
    case 'time': {
      const [whole = '', part = ''] = String(value).split('.');
      return `${whole}.${part.padEnd(7, '0')}`;
    }
    case 'bigint':
      return String(value);
    case 'bit':
      return value === 1;
    case 'uniqueidentifier':
      return String(value).toUpperCase();
    default:
      return value;
  }
}

function someValue(column: Column, seed: string): string | number | null {
  const hash = Number(Bun.hash.crc32(seed));
  if (column.nullable && hash % 4 === 0) return null;
  if (hasSpelling(column)) return `key-${hash % 1_000}`;
  switch (column.sqlType) {
    case 'datetime2':
      return `2026-03-${String(1 + (hash % 28)).padStart(2, '0')}T12:00:00.${String(hash % 10_000_000).padStart(7, '0')}`;
    case 'time':
      return `01:${String(hash % 60).padStart(2, '0')}:07.${String(hash % 10_000_000).padStart(7, '0')}`;
    case 'decimal(10, 2)':
      return (hash % 1_000_000) / 100;
    case 'bit':
      return hash % 2;
    case 'int':
      return hash % 5;
    case 'bigint':
      return 9_007_199_254_000_000 + (hash % 100_000);
    case 'uniqueidentifier':
      return `${hash.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    default:
      return `${seed} çã`;
  }
}
