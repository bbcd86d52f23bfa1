import type { Connection } from '../../core/feeds/sql-server/connection.ts';
import { isPermissionError, isRefused } from '../../core/feeds/sql-server/failures.ts';
import type { KeyedTable } from '../../core/feeds/sql-server/found-table.ts';
import { quotedName } from '../../core/feeds/sql-server/quoted-name.ts';
import type { SqlServerSettings } from '../../core/feeds/sql-server/settings.ts';
import { textLiteral } from '../../core/feeds/sql-server/statements.ts';
import { readTrackingState } from '../../core/feeds/sql-server/tracking-state.ts';
import { readCounts } from '../../core/feeds/sql-server/usage-statistics.ts';
import { answerOf } from './answer-of.ts';
import { type Finding, ok, warning } from './finding.ts';
import { plainPath } from './plain-path.ts';

const TRACKING = 'SQL Server Change Tracking';
const USAGE = 'SQL Server usage statistics';

/**
 * How changes can be learned of, with the statements for a better way: Change Tracking, and where that is not on for every
 * table, the usage statistics.
 *
 * @param version as `@@version` says
 */
export async function lookAtChanges(
  connection: Connection,
  tables: readonly KeyedTable[],
  { database, userName }: SqlServerSettings,
  version: string,
): Promise<Finding[]> {
  if (tables.length === 0) return [];
  const tracking = await lookAtTracking(connection, tables, database, userName);
  if (tracking.verdict === 'ok') return [tracking];
  return [tracking, await lookAtUsage(connection, tables, userName, version)];
}

async function lookAtTracking(
  connection: Connection,
  tables: readonly KeyedTable[],
  database: string,
  userName: string,
): Promise<Finding> {
  const state = await readTrackingState(
    connection,
    tables.map(({ path }) => path),
  ).catch((error: unknown) => {
    if (isRefused(error)) return null;
    throw error;
  });
  if (state === null) {
    return warning(
      TRACKING,
      'this server does not have it',
      'nothing: changes are learned of in another way, which costs the database more',
    );
  }
  if (state.version === null) {
    const on = `alter database ${plainPath(quotedName(database))} set change_tracking = on (change_retention = 2 days, auto_cleanup = on)`;
    return warning(
      TRACKING,
      `is off for ${database}`,
      [`run db/change-tracking.sql: ${on}`, ...enable(tables)].join('; '),
    );
  }
  const untracked = tables.filter((_, index) => state.tables[index]?.oldest == null);
  if (untracked.length === 0) return ok(TRACKING, `is on for ${database} and every table`);
  return describeUntracked(untracked, await mayLook(connection, untracked), userName);
}

/** For each table whether the login may look at what is tracked of it; undefined where the server does not say. */
async function mayLook(
  connection: Connection,
  tables: readonly KeyedTable[],
): Promise<readonly (boolean | undefined)[]> {
  const asked = tables.map(({ path }) => `has_perms_by_name(${textLiteral(path)}, N'OBJECT', N'VIEW CHANGE TRACKING')`);
  const answers = (await answerOf(connection, `select ${asked.join(', ')};`)) ?? [];
  return tables.map((_, index) => {
    const answer = answers[index] ?? null;
    return answer === null ? undefined : Number(answer) === 1;
  });
}

function describeUntracked(
  untracked: readonly KeyedTable[],
  mayLookAt: readonly (boolean | undefined)[],
  userName: string,
): Finding {
  const views = untracked.filter(({ isView }) => isView);
  const hidden = untracked.filter(({ isView }, index) => !isView && mayLookAt[index] === false);
  const off = untracked.filter((table) => !views.includes(table) && !hidden.includes(table));
  const grants = hidden.map(
    ({ path }) => `grant view change tracking on ${plainPath(path)} to ${plainPath(quotedName(userName))}`,
  );
  const found = [
    ...(views.length === 0 ? [] : [`is not possible for the view ${namesOf(views)}`]),
    ...(hidden.length === 0 ? [] : [`may not be looked at for ${namesOf(hidden)}`]),
    ...(off.length === 0 ? [] : [`is off for ${namesOf(off)}`]),
  ];
  const next = [...grants, ...enable(off)];
  return warning(TRACKING, found.join('; '), next.length > 0 ? next.join('; ') : 'read a table in place of the view');
}

function enable(tables: readonly KeyedTable[]): string[] {
  return tables
    .filter(({ isView }) => !isView)
    .map(({ path }) => `alter table ${plainPath(path)} enable change_tracking`);
}

async function lookAtUsage(
  connection: Connection,
  tables: readonly KeyedTable[],
  userName: string,
  version: string,
): Promise<Finding> {
  try {
    await readCounts(connection, tables);
    return ok(USAGE, 'tell which tables were written: only those are read again');
  } catch (error) {
    if (!isRefused(error)) throw error;
    const isDenied = isPermissionError(error);
    return isDenied
      ? warning(
          USAGE,
          `${userName} may not look at them: every table is read at each interval`,
          grantUsage(version, userName),
        )
      : warning(
          USAGE,
          'this server does not have them: every table is read at each interval',
          'nothing: CHANGE_INTERVAL_MS says how often',
        );
  }
}

/** The permission is another one since SQL Server 2022, and on Azure SQL one of the database. */
function grantUsage(version: string, userName: string): string {
  const user = plainPath(quotedName(userName));
  if (/azure/i.test(version)) return `grant view database state to ${user}`;
  const year = Number(/SQL Server (\d{4})/.exec(version)?.[1] ?? 0);
  const permission = year >= 2022 ? 'view server performance state' : 'view server state';
  return `in master: grant ${permission} to ${user}; or switch Change Tracking on, which needs no such permission`;
}

function namesOf(tables: readonly KeyedTable[]): string {
  return tables.map(({ name }) => name).join(', ');
}
