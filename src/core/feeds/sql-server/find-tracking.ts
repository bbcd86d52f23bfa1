import type { Clock } from '../../runtime/clock.ts';
import { selectChanges } from './change-statements.ts';
import { changeTrackingWay } from './change-tracking.ts';
import type { Connection } from './connection.ts';
import { isPermissionError, isRefused } from './failures.ts';
import type { KeyedTable } from './found-table.ts';
import type { Look } from './look.ts';
import { quotedName } from './quoted-name.ts';
import { textLiteral } from './statements.ts';
import { readTrackingState, type TrackingState, trackingStateIn } from './tracking-state.ts';
import type { NoWay, Way } from './way.ts';

const NOT_PERMITTED =
  'Change Tracking may not be looked at: grant view change tracking on each table, as db/login.sql does';
const NOT_AVAILABLE = 'this server has no Change Tracking';

/**
 * Change Tracking, where every table that is read is tracked by its key and the login may look at what it tells
 * (learn.microsoft.com, "About Change Tracking").
 *
 * @throws the driver's error when the server cannot be asked
 */
export async function findChangeTracking(connection: Connection, look: Look, clock: Clock): Promise<Way | NoWay> {
  try {
    return await tryChangeTracking(connection, look, clock);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { why: isPermissionError(error) ? NOT_PERMITTED : NOT_AVAILABLE };
  }
}

async function tryChangeTracking(connection: Connection, look: Look, clock: Clock): Promise<Way | NoWay> {
  const { tables, absent } = look;
  if (tables.length === 0) return { why: 'there is no table to follow' };
  const paths = [...tables.map(({ path }) => path), ...absent.map(quotedName)];
  const state = await readTrackingState(connection, paths);
  const { version } = state;
  if (version === null)
    return { why: 'Change Tracking is off for this database: db/change-tracking.sql switches it on' };
  const untracked = tables.filter((_, index) => state.tables[index]?.oldest == null);
  if (untracked.length > 0) return { why: await whyUntracked(connection, untracked) };
  const misnamed = await namedByOtherKeys(connection, tables, state);
  if (misnamed.length > 0) {
    return {
      why: `Change Tracking does not tell rows apart by the key of ${misnamed.join(', ')}, which is not its primary key`,
    };
  }
  const found = await readOnce(connection, look, paths, version, state.identity);
  return changeTrackingWay({ look, paths, found, identity: state.identity, clock });
}

/** The permission to see what moved in a table shows only when it is asked for. */
async function readOnce(
  connection: Connection,
  { tables, isSnapshotAllowed }: Look,
  paths: readonly string[],
  version: number,
  identity: string,
): Promise<TrackingState> {
  const text = selectChanges(tables, paths, new Set(), isSnapshotAllowed);
  const [row = []] = await connection.rows({ text, parameters: { since: version } });
  return trackingStateIn(row, identity);
}

/** A table without an oldest version is not tracked, is a view, or may not be looked at. */
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

/** Tables whose primary key, which is what Change Tracking names rows by, is not the company's key. */
async function namedByOtherKeys(
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
