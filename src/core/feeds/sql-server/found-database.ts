import type { Catalog, KeyComparison, MirroredTable } from '../../mirror/catalog.ts';
import { columnsText, keyComparison, readableTables, readColumns, tablesAmong } from './columns.ts';
import type { Connection } from './connection.ts';
import { isRefused } from './failures.ts';
import { type FoundTable, type KeyedTable, keyedTables } from './found-table.ts';
import { DATABASE_IDENTITY } from './statements.ts';

/** What a database has, and what the login may read of it. */
export interface FoundDatabase {
  readonly mirrored: readonly MirroredTable[];
  readonly catalog: Catalog;
  /** The tables whose rows are read. */
  readonly tables: readonly KeyedTable[];
  /** Names of mirrored tables that are not read: missing, not readable, or without their key. */
  readonly absent: readonly string[];
  /** Absent tables that were left out because the server cannot compute all of their values. */
  readonly refused: readonly KeyedTable[];
  /** Every column of the company's tables, as text to compare. */
  readonly columns: string;
  readonly isSnapshotAllowed: boolean;
  /** Changes if the database is replaced; empty if unknown. */
  readonly identity: string;
  /** When the server was started, as text to compare; empty if unknown. */
  readonly started: string;
}

interface DatabaseRow {
  readonly isSnapshotAllowed: boolean;
  readonly collation: string;
  readonly identity: string;
  readonly started: string;
}

/** For a server that refuses the query: SNAPSHOT counts as not allowed, and keys compare as they usually do. */
const UNKNOWN: DatabaseRow = { isSnapshotAllowed: false, collation: '', identity: '', started: '' };

/**
 * Finds what a database has, and what the login may read of it. Missing tables and columns are not an error here.
 *
 * @throws the driver's error if the server fails
 */
export async function findDatabase(connection: Connection, mirrored: readonly MirroredTable[]): Promise<FoundDatabase> {
  const row = await readDatabaseRow(connection);
  const columns = await readColumns(connection, mirrored);
  const found = await readableTables(connection, tablesAmong(columns, mirrored));
  const tables = keyedTables(found);
  const read = new Set(tables.map(({ name }) => name));
  return {
    mirrored,
    catalog: catalogOf(found, keyComparison(found, columns, row.collation)),
    tables,
    absent: mirrored.map(({ table }) => table.name).filter((name) => !read.has(name)),
    refused: [],
    columns: columnsText(columns),
    isSnapshotAllowed: row.isSnapshotAllowed,
    identity: row.identity,
    started: row.started,
  };
}

function catalogOf(found: readonly FoundTable[], keys: KeyComparison): Catalog {
  return {
    keys,
    columns: Object.fromEntries(found.map(({ name, columns }) => [name, columns.map((column) => column.name)])),
  };
}

async function readDatabaseRow(connection: Connection): Promise<DatabaseRow> {
  // The server creates tempdb at each start.
  const text = `select snapshot_isolation_state, convert(nvarchar(128), databasepropertyex(db_name(), 'Collation')), ${DATABASE_IDENTITY}, (select convert(nvarchar(30), create_date, 126) from sys.databases where name = N'tempdb') from sys.databases where database_id = db_id();`;
  try {
    const [row = []] = await connection.rows({ text });
    const [snapshot, collation, identity, started] = row;
    return {
      isSnapshotAllowed: Number(snapshot) === 1,
      collation: String(collation ?? ''),
      identity: String(identity ?? ''),
      started: String(started ?? ''),
    };
  } catch (error) {
    if (isRefused(error)) return UNKNOWN;
    throw error;
  }
}
