import type { Connection } from './connection.ts';
import type { Row } from './requests.ts';
import { DATABASE_IDENTITY, textLiteral } from './statements.ts';

/** What Change Tracking says of a database and its tables, which costs the server no look at a row. */
export interface TrackingState {
  /** The version of the newest change; null if Change Tracking is off for the database. */
  readonly version: number | null;
  readonly identity: string;
  readonly tables: readonly TableState[];
}

export interface TableState {
  /** Its object id as text; empty if there is no such table that the login may see. */
  readonly id: string;
  /** The oldest version since which changes are kept; null if the table is not tracked. */
  readonly oldest: number | null;
  /** A checksum of its columns; empty if it was not asked for. */
  readonly columns: string;
  /** How many rows have moved, up to a bound; 0 where that was not asked for. */
  readonly moved: number;
}

/** Reads the state outside a transaction, with one statement. */
export async function readTrackingState(connection: Connection, paths: readonly string[]): Promise<TrackingState> {
  const states = paths.map((path) => `${idOf(path)}, N':', ${oldestOf(path)}`);
  const text = `select change_tracking_current_version(), ${DATABASE_IDENTITY}, concat(N'', ${states.join(", N' ', ")});`;
  const [row = []] = await connection.rows({ text });
  const [version, identity, tables] = row;
  return { ...versionIn(version), identity: String(identity ?? ''), tables: tableStates(tables) };
}

/**
 * The statements that answer the state within a transaction, with the columns and what moved.
 *
 * @param moved expressions of how many rows moved, a path each
 */
export function selectTrackingState(paths: readonly string[], moved: readonly string[]): string {
  const states = paths.map((path, index) => {
    const columns = `(select checksum_agg(binary_checksum(name, system_type_id, max_length, precision, scale)) from sys.columns where object_id = ${idOf(path)})`;
    return `${idOf(path)}, N':', ${oldestOf(path)}, N':', ${columns}, N':', ${moved[index] ?? '0'}`;
  });
  return `select @version, concat(N'', ${states.join(", N' ', ")});`;
}

/** Comes first in the transaction: what is committed after it is read again with the next version. */
export const DECLARE_VERSION = 'declare @version bigint = change_tracking_current_version();';

export function trackingStateIn(row: Row, identity: string): TrackingState {
  const [version, tables] = row;
  return { ...versionIn(version), identity, tables: tableStates(tables) };
}

function idOf(path: string): string {
  return `object_id(${textLiteral(path)})`;
}

function oldestOf(path: string): string {
  return `change_tracking_min_valid_version(${idOf(path)})`;
}

function versionIn(value: unknown): { readonly version: number | null } {
  return { version: value === null || value === undefined ? null : Number(value) };
}

/** `12:7:-99:3 13:7:42:0` */
function tableStates(text: unknown): TableState[] {
  return String(text ?? '')
    .split(' ')
    .map((state) => {
      const [id = '', oldest = '', columns = '', moved = ''] = state.split(':');
      return { id, oldest: oldest === '' ? null : Number(oldest), columns, moved: Number(moved) };
    });
}
