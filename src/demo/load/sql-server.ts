import type { Database } from 'bun:sqlite';
import { type ConnectionPool, Transaction } from 'mssql';
import type { Column } from '../../company/column.ts';
import type { Table } from '../../company/table.ts';
import { sqlTables } from '../../company/tables.ts';
import { type BoundValue, bindParameters } from './bind-parameters.ts';

/** SQL Server allows 2,100 parameters per statement, and 1,000 rows per list of values. */
const MAX_PARAMETERS = 2_000;
const MAX_ROWS = 1_000;

const SCHEMA_SCRIPT = new URL('../../../db/schema.sql', import.meta.url);

type StoredValue = string | number | bigint | null;

/** A column that exists in the SQLite table. */
interface PresentColumn {
  readonly name: string;
  readonly kind: Column['kind'];
}

/** Creates missing tables (`db/schema.sql`). */
export async function createTables(pool: ConnectionPool): Promise<void> {
  await pool.request().batch(await Bun.file(SCHEMA_SCRIPT).text());
}

/** The tables that exist and are not empty. */
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
 * Copies every row of the company's tables with INSERT statements, one transaction per table. Leaves out columns that the
 * SQLite tables lack.
 *
 * @param onProgress called with each table and its number of rows
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
  const perStatement = Math.min(MAX_ROWS, Math.floor(MAX_PARAMETERS / columns.length));
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

/** Converts a value of SQLite to what SQL Server stores exactly for a column of that kind. */
function boundForm(kind: Column['kind'], value: StoredValue): BoundValue {
  if (value === null) return null;
  if (kind === 'instant') return new Date(String(value));
  if (kind === 'flag') return Number(value) !== 0;
  // Text avoids the rounding of binary fractions.
  return kind === 'money' ? Number(value).toFixed(2) : value;
}
