import type { Database } from 'bun:sqlite';

/** Every column of every table of a database, as `[table, column]`. */
export function columnsIn(database: Database): [table: string, column: string][] {
  return database
    .query<{ table: string; column: string }, []>(
      `select tables.name as "table", columns.name as "column"
       from sqlite_schema as tables, pragma_table_info(tables.name) as columns where tables.type = 'table'`,
    )
    .all()
    .map(({ table, column }) => [table, column]);
}
