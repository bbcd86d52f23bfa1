import type { Connection } from '../../core/feeds/sql-server/connection.ts';
import { isPermissionError, isRefused } from '../../core/feeds/sql-server/failures.ts';
import type { KeyedTable } from '../../core/feeds/sql-server/found-table.ts';
import type { SqlServerSettings } from '../../core/feeds/sql-server/settings.ts';
import { quotedName, textLiteral } from '../../core/feeds/sql-server/statements.ts';
import { readTrackingState } from '../../core/feeds/sql-server/tracking-state.ts';
import { readCounts } from '../../core/feeds/sql-server/usage-statistics.ts';
import { type Finding, ok, warning } from './finding.ts';
import { firstRow } from './first-row.ts';
import { withoutBrackets } from './without-brackets.ts';

const TRACKING = 'SQL Server Change Tracking';
const USAGE = 'SQL Server usage statistics';

/**
 * Checks how changes can be detected, and gives the statements for a better way: Change Tracking first, then the usage
 * statistics if it is not on for every table.
 *
 * @param version as `@@version` says
 */
export async function checkChanges(
  connection: Connection,
  tables: readonly KeyedTable[],
  { database, userName }: SqlServerSettings,
  version: string,
): Promise<Finding[]> {
  if (tables.length === 0) return [];
  const tracking = await checkTracking(connection, tables, database, userName);
  if (tracking.verdict === 'ok') return [tracking];
  return [tracking, await checkUsage(connection, tables, userName, version)];
}

async function checkTracking(
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
      'nothing: changes are detected in another way, which costs the database more',
    );
  }
  if (state.version === null) {
    const on = `alter database ${withoutBrackets(quotedName(database))} set change_tracking = on (change_retention = 2 days, auto_cleanup = on)`;
    return warning(
      TRACKING,
      `is off for ${database}`,
      [`run db/change-tracking.sql: ${on}`, ...enable(tables)].join('; '),
    );
  }
  const untracked = tables.filter((_, index) => state.tables[index]?.oldest == null);
  if (untracked.length === 0) return ok(TRACKING, `is on for ${database} and every table`);
  return describeUntracked(untracked, await areVisible(connection, untracked), userName);
}

/** For each table whether the login may read what is tracked of it; undefined if the server does not say. */
async function areVisible(
  connection: Connection,
  tables: readonly KeyedTable[],
): Promise<readonly (boolean | undefined)[]> {
  const asked = tables.map(({ path }) => `has_perms_by_name(${textLiteral(path)}, N'OBJECT', N'VIEW CHANGE TRACKING')`);
  const answers = (await firstRow(connection, `select ${asked.join(', ')};`)) ?? [];
  return tables.map((_, index) => {
    const answer = answers[index] ?? null;
    return answer === null ? undefined : Number(answer) === 1;
  });
}

function describeUntracked(
  untracked: readonly KeyedTable[],
  isVisible: readonly (boolean | undefined)[],
  userName: string,
): Finding {
  const views = untracked.filter(({ isView }) => isView);
  const hidden = untracked.filter(({ isView }, index) => !isView && isVisible[index] === false);
  const off = untracked.filter((table) => !views.includes(table) && !hidden.includes(table));
  const grants = hidden.map(
    ({ path }) => `grant view change tracking on ${withoutBrackets(path)} to ${withoutBrackets(quotedName(userName))}`,
  );
  const found = [
    ...(views.length === 0 ? [] : [`is not possible for the view ${namesOf(views)}`]),
    ...(hidden.length === 0 ? [] : [`may not be read for ${namesOf(hidden)}`]),
    ...(off.length === 0 ? [] : [`is off for ${namesOf(off)}`]),
  ];
  const next = [...grants, ...enable(off)];
  return warning(TRACKING, found.join('; '), next.length > 0 ? next.join('; ') : 'read a table in place of the view');
}

function enable(tables: readonly KeyedTable[]): string[] {
  return tables
    .filter(({ isView }) => !isView)
    .map(({ path }) => `alter table ${withoutBrackets(path)} enable change_tracking`);
}

async function checkUsage(
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
          `${userName} may not read them: every table is read at each interval`,
          grantUsage(version, userName),
        )
      : warning(
          USAGE,
          'this server does not have them: every table is read at each interval',
          'nothing: CHANGE_INTERVAL_MS says how often',
        );
  }
}

/** SQL Server 2022 renamed the permission; on Azure SQL it is one of the database. */
function grantUsage(version: string, userName: string): string {
  const user = withoutBrackets(quotedName(userName));
  if (/azure/i.test(version)) return `grant view database state to ${user}`;
  const year = Number(/SQL Server (\d{4})/.exec(version)?.[1] ?? 0);
  const permission = year >= 2022 ? 'view server performance state' : 'view server state';
  return `in master: grant ${permission} to ${user}; or switch Change Tracking on, which needs no such permission`;
}

function namesOf(tables: readonly KeyedTable[]): string {
  return tables.map(({ name }) => name).join(', ');
}
