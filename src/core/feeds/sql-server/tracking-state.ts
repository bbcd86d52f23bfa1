import type { Connection } from './connection.ts';
import type { Row } from './requests.ts';
import { DATABASE_IDENTITY, textLiteral } from './statements.ts';

/** The state of Change Tracking for a database and its tables. Reading it reads no rows. */
export interface TrackingState {
  /** The version of the newest change; null if Change Tracking is off for the database. */
  readonly version: number | null;
  readonly identity: string;
  readonly tables: readonly TableState[];
}

export interface TableState {
  /** The object id as text; empty if the table does not exist or is not visible. */
  readonly id: string;
  /** The oldest version since which changes are kept; null if the table is not tracked. */
  readonly oldest: number | null;
  /** A checksum of its columns; empty if not requested. */
  readonly columns: string;
  /** The number of changed rows, up to a limit; 0 if not requested. */
  readonly changed: number;
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
 * Selects the state within a transaction, with columns and numbers of changed rows.
 *
 * @param changed an expression for each path: the number of changed rows
 */
export function selectTrackingState(paths: readonly string[], changed: readonly string[]): string {
  const states = paths.map((path, index) => {
    const columns = `(select checksum_agg(binary_checksum(name, system_type_id, max_length, precision, scale)) from sys.columns where object_id = ${idOf(path)})`;
    return `${idOf(path)}, N':', ${oldestOf(path)}, N':', ${columns}, N':', ${changed[index] ?? '0'}`;
  });
  return `select @version, concat(N'', ${states.join(", N' ', ")});`;
}

/** Comes first in the transaction: later commits are then read again from this version. */
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
      const [id = '', oldest = '', columns = '', changed = ''] = state.split(':');
      return { id, oldest: oldest === '' ? null : Number(oldest), columns, changed: Number(changed) };
    });
}
