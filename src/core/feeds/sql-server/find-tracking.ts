import type { Clock } from '../../runtime/clock.ts';
import type { ChangeDetection, NoDetection } from './change-detection.ts';
import { selectChanges } from './change-statements.ts';
import { detectByChangeTracking } from './change-tracking.ts';
import type { Connection } from './connection.ts';
import { isPermissionError, isRefused } from './failures.ts';
import type { FoundDatabase } from './found-database.ts';
import type { KeyedTable } from './found-table.ts';
import { quotedName, textLiteral } from './statements.ts';
import { readTrackingState, type TrackingState, trackingStateIn } from './tracking-state.ts';

const NOT_PERMITTED =
  'the login may not read Change Tracking: grant view change tracking on each table, as db/login.sql does';
const NOT_AVAILABLE = 'this server has no Change Tracking';

/**
 * Uses Change Tracking if every table is tracked by its key and the login may read the changes (learn.microsoft.com, "About
 * Change Tracking").
 *
 * @throws the driver's error if the server fails
 */
export async function findChangeTracking(
  connection: Connection,
  database: FoundDatabase,
  clock: Clock,
): Promise<ChangeDetection | NoDetection> {
  try {
    return await tryChangeTracking(connection, database, clock);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { why: isPermissionError(error) ? NOT_PERMITTED : NOT_AVAILABLE };
  }
}

async function tryChangeTracking(
  connection: Connection,
  database: FoundDatabase,
  clock: Clock,
): Promise<ChangeDetection | NoDetection> {
  const { tables, absent } = database;
  if (tables.length === 0) return { why: 'there is no table to follow' };
  const paths = [...tables.map(({ path }) => path), ...absent.map(quotedName)];
  const state = await readTrackingState(connection, paths);
  const { version } = state;
  if (version === null)
    return { why: 'Change Tracking is off for this database: db/change-tracking.sql switches it on' };
  const untracked = tables.filter((_, index) => state.tables[index]?.oldest == null);
  if (untracked.length > 0) return { why: await whyUntracked(connection, untracked) };
  const misnamed = await withOtherKeys(connection, tables, state);
  if (misnamed.length > 0) {
    return {
      why: `Change Tracking does not tell rows apart by the key of ${misnamed.join(', ')}, which is not its primary key`,
    };
  }
  const found = await readOnce(connection, database, paths, version, state.identity);
  return detectByChangeTracking({ database, paths, found, identity: state.identity, clock });
}

/** Reads the changes once: without the permission, only this fails. */
async function readOnce(
  connection: Connection,
  { tables, isSnapshotAllowed }: FoundDatabase,
  paths: readonly string[],
  version: number,
  identity: string,
): Promise<TrackingState> {
  const text = selectChanges(tables, paths, new Set(), isSnapshotAllowed);
  const [row = []] = await connection.rows({ text, parameters: { since: version } });
  return trackingStateIn(row, identity);
}

/** A table without an oldest version is a view, is not tracked, or the login may not read its changes. */
async function whyUntracked(connection: Connection, untracked: readonly KeyedTable[]): Promise<string> {
  const views = untracked.filter(({ isView }) => isView);
  if (views.length > 0)
    return `Change Tracking is not possible for ${namesOf(views)}: a view has no changes of its own`;
  const permissions = untracked.map(
    ({ path }) => `has_perms_by_name(${textLiteral(path)}, N'OBJECT', N'VIEW CHANGE TRACKING')`,
  );
  const [row = []] = await connection.rows({ text: `select ${permissions.join(', ')};` });
  if (row.some((permission) => Number(permission) === 0)) return NOT_PERMITTED;
  return `Change Tracking is off for ${namesOf(untracked)}: db/change-tracking.sql switches it on`;
}

/** Change Tracking identifies rows by the primary key. Returns the tables where that is not the company's key. */
async function withOtherKeys(
  connection: Connection,
  tables: readonly KeyedTable[],
  state: TrackingState,
): Promise<string[]> {
  const ids = tables.map(({ path }) => `object_id(${textLiteral(path)})`).join(', ');
  const text = `select cast(i.object_id as nvarchar(20)), count(*), max(c.name) from sys.indexes as i join sys.index_columns as k on k.object_id = i.object_id and k.index_id = i.index_id join sys.columns as c on c.object_id = k.object_id and c.column_id = k.column_id where i.is_primary_key = 1 and i.object_id in (${ids}) group by i.object_id;`;
  const keys = new Map((await connection.rows({ text })).map(([id, columns, name]) => [String(id), { columns, name }]));
  return tables.flatMap(({ name, key }, index) => {
    const found = keys.get(state.tables[index]?.id ?? '');
    return found !== undefined && Number(found.columns) === 1 && quotedName(String(found.name)) === key ? [] : [name];
  });
}

function namesOf(tables: readonly KeyedTable[]): string {
  return tables.map(({ name }) => name).join(', ');
}
