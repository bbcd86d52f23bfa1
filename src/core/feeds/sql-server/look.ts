import type { Catalog, KeyComparison, MirroredTable } from '../../mirror/catalog.ts';
import { columnsText, keyComparison, readableTables, readColumns, tablesAmong } from './columns.ts';
import type { Connection } from './connection.ts';
import { isRefused } from './failures.ts';
import { type FoundTable, type KeyedTable, keyedTables } from './found-table.ts';
import { DATABASE_IDENTITY } from './statements.ts';

/** A database as it was found. */
export interface Look {
  readonly mirrored: readonly MirroredTable[];
  readonly catalog: Catalog;
  /** The tables whose rows are read. */
  readonly tables: readonly KeyedTable[];
  /** Names of mirrored tables whose rows are not read: not there, not readable, or without their key. */
  readonly absent: readonly string[];
  /** Those of the absent ones that are left out because the server cannot make all of their values. */
  readonly refused: readonly KeyedTable[];
  /** Every column of the company's tables, as text to compare. */
  readonly columns: string;
  readonly isSnapshotAllowed: boolean;
  /** Changes when another database takes its place; empty if the server does not tell. */
  readonly identity: string;
  /** When the server was started, as text to compare; empty if the server does not tell. */
  readonly started: string;
}

interface DatabaseRow {
  readonly isSnapshotAllowed: boolean;
  readonly collation: string;
  readonly identity: string;
  readonly started: string;
}

/** What counts of a server that does not tell: nothing is assumed to be allowed, and keys compare as they mostly do. */
const UNKNOWN: DatabaseRow = { isSnapshotAllowed: false, collation: '', identity: '', started: '' };

/**
 * Looks at what a database has and what the login may read of it. A table or a column that is missing is no error here.
 *
 * @throws the driver's error when the server cannot be asked
 */
export async function lookAt(connection: Connection, mirrored: readonly MirroredTable[]): Promise<Look> {
  const database = await readDatabase(connection);
  const columns = await readColumns(connection, mirrored);
  const found = await readableTables(connection, tablesAmong(columns, mirrored));
  const tables = keyedTables(found);
  const read = new Set(tables.map(({ name }) => name));
  return {
    mirrored,
    catalog: catalogOf(found, keyComparison(found, columns, database.collation)),
    tables,
    absent: mirrored.map(({ table }) => table.name).filter((name) => !read.has(name)),
    refused: [],
    columns: columnsText(columns),
    isSnapshotAllowed: database.isSnapshotAllowed,
    identity: database.identity,
    started: database.started,
  };
}

function catalogOf(found: readonly FoundTable[], keys: KeyComparison): Catalog {
  return {
    keys,
    columns: Object.fromEntries(found.map(({ name, columns }) => [name, columns.map((column) => column.name)])),
  };
}

async function readDatabase(connection: Connection): Promise<DatabaseRow> {
  // A new tempdb is made at each start of the server.
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
