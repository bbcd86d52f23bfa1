import type { Column } from '../company/column.ts';
import type { Table } from '../company/table.ts';
import { sqlTables } from '../company/tables.ts';

/**
 * `create table` statements for the company's tables in SQLite, with the column types of SQL Server as their declared
 * types.
 *
 * Instants are text `YYYY-MM-DDTHH:MM:SS.sssZ`, money is a number, bits are 0 or 1, a `time` is text `HH:MM:SS.sss`.
 *
 * @param without optional columns to leave out, as `Table.Column`; a real database may lack them too
 */
export function createTableStatements(without: ReadonlySet<string> = new Set()): string[] {
  return sqlTables.map((table) => {
    const columns = storedColumns(table, without).map((name) => definition(name, table));
    return `create table if not exists ${table.name} (${columns.join(', ')})`;
  });
}

/** Unique indexes on text columns, created after the tables are filled: updating them row by row would cost more. */
export const keyIndexStatements: readonly string[] = sqlTables.flatMap((table) =>
  Object.entries(table.columns).flatMap(([name, column]) => {
    if (!isTextKey(table, name, column)) return [];
    const index = name === table.key ? `PK_${table.name}` : `AK_${table.name}_${name}`;
    return [`create unique index if not exists ${index} on ${table.name} (${name})`];
  }),
);

/** The columns of a table, in order. */
export function storedColumns(table: Table, without: ReadonlySet<string> = new Set()): string[] {
  return Object.keys(table.columns).filter((column) => !without.has(`${table.name}.${column}`));
}

function definition(name: string, table: Table): string {
  const column = table.columns[name];
  if (column === undefined) throw new TypeError(`${table.name} has no column ${name}`);
  // A numeric key is the rowid.
  if (name === table.key && !column.isText) return `${name} integer not null primary key`;
  return `${name} ${declaredType(column)}${column.nullable ? '' : ' not null'}`;
}

/** SQLite does not accept `max` as a length. */
function declaredType({ sqlType }: Column): string {
  return sqlType.replace('(max)', '').replaceAll(' ', '');
}

function isTextKey(table: Table, name: string, column: Column): boolean {
  return (name === table.key && column.isText) || column.unique;
}
