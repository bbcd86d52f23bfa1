import type { KeyComparison, MirroredTable } from '../../mirror/catalog.ts';
import type { Connection } from './connection.ts';
import { isRefused } from './failures.ts';
import type { FoundColumn, FoundTable } from './found-table.ts';
import { quotedName, selectNothing, textLiteral } from './statements.ts';

/** A column as `INFORMATION_SCHEMA.COLUMNS` has it. */
export interface ColumnRow {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly dataType: string;
  readonly collation: string | null;
  /** Whether the schema is the login's default, where an unqualified name is looked up before `dbo`. */
  readonly isOwn: boolean;
  readonly isView: boolean;
}

/**
 * The columns of the company's tables in the login's default schema and in `dbo`. Names are compared case-insensitively,
 * whatever the collation of the database.
 *
 * @throws the driver's error
 */
export async function readColumns(connection: Connection, tables: readonly MirroredTable[]): Promise<ColumnRow[]> {
  const names = tables.map(({ table }) => textLiteral(table.name)).join(', ');
  const text = `select c.table_schema, c.table_name, c.column_name, c.data_type, c.collation_name, case when c.table_schema = schema_name() then 1 else 0 end as is_own, case when t.table_type = 'VIEW' then 1 else 0 end as is_view from information_schema.columns as c join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name where c.table_schema in (schema_name(), N'dbo') and c.table_name collate Latin1_General_CI_AS in (${names})`;
  const rows = await connection.rows({ text });
  return rows.map(([schema, table, column, dataType, collation, isOwn, isView]) => ({
    ...{ schema: String(schema), table: String(table), column: String(column), dataType: String(dataType) },
    collation: typeof collation === 'string' ? collation : null,
    ...{ isOwn: Number(isOwn) === 1, isView: Number(isView) === 1 },
  }));
}

/** Finds the company's tables in the columns of a database. */
export function tablesAmong(rows: readonly ColumnRow[], tables: readonly MirroredTable[]): FoundTable[] {
  const bySource = Map.groupBy(rows, ({ schema, table }) => `${quotedName(schema)}.${quotedName(table)}`);
  const candidates = [...bySource].flatMap(([path, columns]) => {
    const first = columns[0];
    return first === undefined ? [] : [{ path, columns, first }];
  });
  return tables.flatMap((mirrored) => {
    const { name } = mirrored.table;
    const named = candidates
      .filter(({ first }) => isNamed(first.table, name))
      // The login's default schema first; of several spellings, the company's.
      .sort((left, right) => rank(right.first, name) - rank(left.first, name));
    const found = named[0];
    if (found === undefined) return [];
    const columns = mirrored.columns.flatMap((column) => columnNamed(found.columns, column));
    return columns.length === 0 ? [] : [{ name, mirrored, path: found.path, isView: found.first.isView, columns }];
  });
}

/**
 * Reduces the tables to those that the login can read, and to their readable columns. A query per table, since permissions
 * depend on the object, its schema, the database, roles and ownership, and for a view also on its tables.
 *
 * @throws the driver's error if the query fails for another reason
 */
export async function readableTables(connection: Connection, tables: readonly FoundTable[]): Promise<FoundTable[]> {
  const all = tables.map(({ path, columns }) => selectNothing(path, quotedOf(columns)));
  if (all.length === 0 || (await isAllowed(connection, all.join('\n')))) return [...tables];
  const readable: FoundTable[] = [];
  for (const table of tables) {
    const columns = await readableColumns(connection, table);
    if (columns.length > 0) readable.push({ ...table, columns });
  }
  return readable;
}

/** Text that differs if any column changed. */
export function columnsText(rows: readonly ColumnRow[]): string {
  return rows
    .map(({ schema, table, column, dataType }) => `${schema}.${table}.${column} ${dataType}`)
    .sort()
    .join('\n');
}

/** How keys are compared: by their own collation if all have the same, else by the database's. */
export function keyComparison(
  tables: readonly FoundTable[],
  rows: readonly ColumnRow[],
  database: string,
): KeyComparison {
  const keys = new Set(
    tables.flatMap(({ mirrored, path, columns }) => {
      const key = columns.find(({ name }) => name === mirrored.table.key)?.quoted;
      return rows.flatMap(({ schema, table, column, collation }) =>
        `${quotedName(schema)}.${quotedName(table)}` === path && quotedName(column) === key && collation !== null
          ? [collation]
          : [],
      );
    }),
  );
  const [only] = keys;
  const collation = keys.size === 1 && only !== undefined ? only : database;
  const isBinary = /_BIN2?(?:_|$)/i.test(collation);
  return {
    ignoresCase: !isBinary && !/_CS(?:_|$)/i.test(collation),
    ignoresAccents: !isBinary && /_AI(?:_|$)/i.test(collation),
    ignoresTrailingBlanks: true,
  };
}

async function readableColumns(connection: Connection, { path, columns }: FoundTable): Promise<readonly FoundColumn[]> {
  if (await isAllowed(connection, selectNothing(path, quotedOf(columns)))) return columns;
  const readable: FoundColumn[] = [];
  for (const column of columns) {
    if (await isAllowed(connection, selectNothing(path, [column.quoted]))) readable.push(column);
  }
  return readable;
}

async function isAllowed(connection: Connection, text: string): Promise<boolean> {
  try {
    await connection.rows({ text });
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

function columnNamed(rows: readonly ColumnRow[], name: string): FoundColumn[] {
  const named = rows.filter(({ column }) => isNamed(column, name));
  const found = named.find(({ column }) => column === name) ?? named[0];
  return found === undefined ? [] : [{ name, quoted: quotedName(found.column), dataType: found.dataType }];
}

function quotedOf(columns: readonly FoundColumn[]): string[] {
  return columns.map(({ quoted }) => quoted);
}

function rank({ isOwn, table }: ColumnRow, name: string): number {
  return (isOwn ? 2 : 0) + (table === name ? 1 : 0);
}

function isNamed(found: string, name: string): boolean {
  return found.toLowerCase() === name.toLowerCase();
}
