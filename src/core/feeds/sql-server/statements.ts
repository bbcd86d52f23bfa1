import { type KeyedTable, selectList } from './found-table.ts';

/** Longer text is truncated, so that a single value cannot fill the memory. */
const LONGEST_TEXT_BYTES = 2 ** 21;

/** Quotes any name for T-SQL. */
export function quotedName(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** Quotes any text as `N'…'`. */
export function textLiteral(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

/**
 * Several statements in one request and one transaction. An error or a cancellation rolls it back.
 *
 * @param isSnapshot reads one consistent state without waiting for locks; otherwise each statement sees committed rows
 */
export function inTransaction(isSnapshot: boolean, statements: readonly string[]): string {
  return [
    'set nocount on; set xact_abort on;',
    `set textsize ${LONGEST_TEXT_BYTES};`,
    `set transaction isolation level ${isSnapshot ? 'snapshot' : 'read committed'};`,
    'begin transaction;',
    ...statements,
    'commit transaction;',
  ].join('\n');
}

/** Every row of a table. */
export function selectWhole(table: KeyedTable): string {
  return `select ${selectList(table, 't')} from ${table.path} as t;`;
}

/** Selects no row. Fails if the login may not read one of the columns. */
export function selectNothing(path: string, columns: readonly string[]): string {
  return `select top (0) ${columns.map((column) => `t.${column}`).join(', ')} from ${path} as t;`;
}

/**
 * Text that distinguishes databases of the same name: when the database was created or restored; in an availability group,
 * which has one database on several servers, its id there.
 */
export const DATABASE_IDENTITY =
  '(select coalesce(convert(nvarchar(36), group_database_id), convert(nvarchar(30), create_date, 126)) from sys.databases where database_id = db_id())';
