import type { Database } from 'bun:sqlite';
import { type ConnectionPool, Transaction } from 'mssql';
import { bindParameters } from '../../core/sources/sql/mssql-dialect/parameters.ts';
import { sqliteSchema } from '../../core/sources/sql/sqlite/schema.ts';

/** SQL Server takes 2,100 parameters a statement, and 1,000 rows in one list of values. */
const MOST_PARAMETERS = 2_000;
const MOST_ROWS = 1_000;

const SCHEMA_SCRIPT = new URL('../../../db/schema.sql', import.meta.url);

type StoredValue = string | number | null;

interface Column {
  readonly name: string;
  /** The declared type without its length, `datetime2`. */
  readonly type: string;
}

/** Makes the tables that are not there (`db/schema.sql`). */
export async function createTables(pool: ConnectionPool): Promise<void> {
  await pool.request().batch(await Bun.file(SCHEMA_SCRIPT).text());
}

/** The tables that hold a row, of those that are there. */
export async function tablesWithRows(pool: ConnectionPool): Promise<string[]> {
  const { recordset } = await pool
    .request()
    .query<{ name: string }>("select table_name as name from information_schema.tables where table_schema = 'dbo'");
  const there = new Set(recordset.map(({ name }) => name.toLowerCase()));
  const found: string[] = [];
  for (const table of Object.keys(sqliteSchema).filter((name) => there.has(name.toLowerCase()))) {
    const rows = await pool.request().query(`select top (1) 1 as one from dbo.[${table}]`);
    if (rows.recordset.length > 0) found.push(table);
  }
  return found;
}

export async function emptyTables(pool: ConnectionPool, tables: readonly string[]): Promise<void> {
  for (const table of tables) await pool.request().query(`delete from dbo.[${table}]`);
}

/**
 * Copies every row of the company's tables, in plain INSERT statements, each table in a transaction of its own. Columns
 * that the SQLite tables lack are left out.
 *
 * @param onProgress told of each table with its number of rows
 */
export async function copyTables(
  database: Database,
  pool: ConnectionPool,
  onProgress: (text: string) => void = () => {},
): Promise<void> {
  for (const [table, definitions] of Object.entries(sqliteSchema)) {
    const columns = presentColumns(database, table, definitions);
    const rows = database
      .query<Record<string, StoredValue>, []>(
        `select ${columns.map(({ name }) => `"${name}"`).join(', ')} from ${table}`,
      )
      .all();
    if (rows.length === 0) continue;
    onProgress(`${table}: ${rows.length} rows`);
    await insertRows(pool, table, columns, rows);
  }
}

function presentColumns(database: Database, table: string, definitions: readonly string[]): Column[] {
  const present = new Set(
    database
      .query<{ name: string }, []>(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => name),
  );
  return definitions.flatMap((definition) => {
    const [name = '', declared = ''] = definition.split(' ');
    return present.has(name) ? [{ name, type: declared.replace(/\(.*/, '') }] : [];
  });
}

async function insertRows(
  pool: ConnectionPool,
  table: string,
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, StoredValue>>[],
): Promise<void> {
  const perStatement = Math.min(MOST_ROWS, Math.floor(MOST_PARAMETERS / columns.length));
  const names = columns.map(({ name }) => `[${name}]`).join(', ');
  const transaction = new Transaction(pool);
  await transaction.begin();
  try {
    for (let start = 0; start < rows.length; start += perStatement) {
      const piece = rows.slice(start, start + perStatement);
      const request = transaction.request();
      bindParameters(
        request,
        piece.flatMap((row) => columns.map(({ name, type }) => boundForm(type, row[name] ?? null))),
      );
      const values = piece.map(
        (_, row) => `(${columns.map((_, at) => `@${row * columns.length + at + 1}`).join(', ')})`,
      );
      await request.query(`insert into dbo.[${table}] (${names}) values ${values.join(', ')}`);
    }
    await transaction.commit();
  } catch (error) {
    await transaction.rollback().catch(() => {});
    throw error;
  }
}

/** A value as it is stored in SQLite, as SQL Server takes it for a column of that type, exactly. */
function boundForm(type: string, value: StoredValue): unknown {
  if (value === null) return null;
  if (type === 'datetime2') return new Date(value);
  if (type === 'bit') return value !== 0;
  // As text, so that no binary fraction comes between.
  return type === 'decimal' ? Number(value).toFixed(2) : value;
}
