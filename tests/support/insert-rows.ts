import type { Database } from 'bun:sqlite';
import type { TableName, Tables } from '../../src/company/tables.ts';

type Value = string | number | null;

/** Some columns of a row, as SQLite stores them; the others are filled in. */
export type PartialRow<Table extends TableName> = { readonly [Column in keyof Tables[Table]['columns']]?: Value };

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
}

/** Inserts rows given by the columns that matter to a test. Leaves out columns that the table lacks. */
export function insertRows<Table extends TableName>(
  database: Database,
  table: Table,
  rows: readonly PartialRow<Table>[],
): void {
  const columns = database.query<Column, []>(`select name, type, "notnull" from pragma_table_info('${table}')`).all();
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const places = columns.map(() => '?').join(', ');
  const insert = database.prepare<unknown, Value[]>(`insert into ${table} (${names}) values (${places})`);
  rows.forEach((row, index) => {
    const given = new Map<string, Value | undefined>(Object.entries(row));
    insert.run(...columns.map((column) => given.get(column.name) ?? fillerOf(column, index)));
  });
}

function fillerOf({ name, type, notnull }: Column, index: number): Value {
  if (notnull === 0) return null;
  if (type.startsWith('datetime2')) return '2026-01-01T00:00:00.000Z';
  if (type.startsWith('time')) return '00:00:00.000';
  if (type.startsWith('nvarchar') || type === 'uniqueidentifier') return `${name}-${index + 1}`;
  return name === 'Id' ? index + 1 : 0;
}
