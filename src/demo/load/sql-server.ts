import type { Database } from 'bun:sqlite';
import { type ConnectionPool, Transaction } from 'mssql';
import type { Column } from '../../company/column.ts';
import type { Table } from '../../company/table.ts';
import { sqlTables } from '../../company/tables.ts';
import { type BoundValue, bindParameters } from './bind-parameters.ts';

/** SQL Server takes 2,100 parameters a statement, and 1,000 rows in one list of values. */
const MOST_PARAMETERS = 2_000;
const MOST_ROWS = 1_000;

const SCHEMA_SCRIPT = new URL('../../../db/schema.sql', import.meta.url);

type StoredValue = string | number | bigint | null;

/** A column that the SQLite table has. */
interface PresentColumn {
  readonly name: string;
  readonly kind: Column['kind'];
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
  for (const { name: table } of sqlTables.filter(({ name }) => there.has(name.toLowerCase()))) {
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
 * @param onProgress receives each table and its number of rows
 */
export async function copyTables(
  database: Database,
  pool: ConnectionPool,
  onProgress: (text: string) => void = () => {},
): Promise<void> {
  for (const company of sqlTables) {
    const { name: table } = company;
    const columns = presentColumns(database, company);
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

function presentColumns(database: Database, { name: table, columns }: Table): PresentColumn[] {
  const present = new Set(
    database
      .query<{ name: string }, []>(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => name),
  );
  return Object.entries(columns).flatMap(([name, { kind }]) => (present.has(name) ? [{ name, kind }] : []));
}

async function insertRows(
  pool: ConnectionPool,
  table: string,
  columns: readonly PresentColumn[],
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
        piece.flatMap((row) => columns.map(({ name, kind }) => boundForm(kind, row[name] ?? null))),
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

/** A value as it is stored in SQLite, as SQL Server takes it for a column of that kind, exactly. */
function boundForm(kind: Column['kind'], value: StoredValue): BoundValue {
  if (value === null) return null;
  if (kind === 'instant') return new Date(String(value));
  if (kind === 'flag') return Number(value) !== 0;
  // As text, so that no binary fraction comes between.
  return kind === 'money' ? Number(value).toFixed(2) : value;
}
