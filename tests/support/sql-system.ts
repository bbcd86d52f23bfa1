import type { Database } from 'bun:sqlite';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import type { TwinAnswer } from './sql-twins.ts';
import { columnsIn } from './sqlite-columns.ts';

/** What a server has and allows beside its tables; each may change while it runs. */
export interface ServerAbilities {
  snapshotIsolation: boolean;
  /** `partly`: of all tables but Payments. */
  changeTracking: 'on' | 'off' | 'partly' | 'denied' | 'unknown';
  usageStatistics: 'on' | 'denied' | 'unknown';
}

export interface SqlSystem {
  readonly abilities: ServerAbilities;
  readonly changes: ChangeLog;
  /** What the server answers about itself; undefined for a statement about the tables. */
  answer(sql: string): TwinAnswer | SystemError | undefined;
}

export interface SystemError {
  readonly number: number;
  readonly message: string;
}

/** Numbers and words as SQL Server has them (Database Engine events and errors). */
const NO_SUCH_OBJECT: SystemError = { number: 208, message: "Invalid object name 'sys.dm_db_index_usage_stats'." };
const NO_SUCH_FUNCTION: SystemError = {
  number: 195,
  message: "'change_tracking_current_version' is not a recognized built-in function name.",
};
const NO_SERVER_STATE: SystemError = {
  number: 300,
  message: "VIEW SERVER STATE permission was denied on object 'server', database 'master'.",
};
const NO_TRACKING_PERMISSION: SystemError = {
  number: 229,
  message: "The VIEW CHANGE TRACKING permission was denied on the object 'Claims', database 'Greg', schema 'dbo'.",
};
const NOT_TRACKED: SystemError = { number: 22105, message: "Change tracking is not enabled on table 'Payments'." };

export function createSqlSystem(database: Database): SqlSystem {
  const abilities: ServerAbilities = { snapshotIsolation: true, changeTracking: 'on', usageStatistics: 'on' };
  const isTracked = (table: string) =>
    abilities.changeTracking === 'on' ||
    abilities.changeTracking === 'denied' ||
    (abilities.changeTracking === 'partly' && table !== 'Payments');
  const changes = createChangeLog(isTracked);
  const tables = () => tablesOf(database);

  const answers: readonly (readonly [RegExp, (sql: string) => TwinAnswer | SystemError])[] = [
    [/ from information_schema\.columns /, () => ({ columns: ['tableName', 'columnName'], rows: columnsIn(database) })],
    [/ from sys\.databases /, () => ({ columns: ['state'], rows: [[abilities.snapshotIsolation ? 1 : 0]] })],
    [
      /^select change_tracking_current_version\(\) as version$/,
      () => {
        if (abilities.changeTracking === 'unknown') return NO_SUCH_FUNCTION;
        return { columns: ['version'], rows: [[abilities.changeTracking === 'off' ? null : changes.version]] };
      },
    ],
    [
      /changetable\(/,
      (sql) => {
        if (abilities.changeTracking === 'denied') return NO_TRACKING_PERMISSION;
        const asked = [...sql.matchAll(/select '(\w+)' as name where .+?\) > (\d+) or /g)];
        if (asked.some(([, table = '']) => !isTracked(table) || !tables().includes(table))) return NOT_TRACKED;
        const moved = asked.filter(([, table = '', since]) => hasMoved(changes, table, Number(since)));
        return { columns: ['name'], rows: moved.map(([, table]) => [table]) };
      },
    ],
    [
      /change_tracking_min_valid_version\(/,
      (sql) => {
        const asked = [...sql.matchAll(/select '(\w+)' as name, object_id/g)].map(([, table = '']) => table);
        return {
          columns: ['name', 'id', 'version'],
          rows: asked.map((table) => {
            const id = tables().indexOf(table);
            return id < 0 ? [table, null, null] : [table, id + 1, changes.minimumVersion(table)];
          }),
        };
      },
    ],
    [
      / from sys\.dm_db_index_usage_stats /,
      () => {
        if (abilities.usageStatistics === 'unknown') return NO_SUCH_OBJECT;
        if (abilities.usageStatistics === 'denied') return NO_SERVER_STATE;
        const written = tables().filter((table) => changes.writes(table) > 0);
        return {
          columns: ['name', 'writes', 'lastWrite'],
          rows: written.map((table) => [table, changes.writes(table), null]),
        };
      },
    ],
  ];
  return {
    abilities,
    changes,
    answer: (sql) => answers.find(([pattern]) => pattern.test(sql))?.[1](sql),
  };
}

function hasMoved(changes: ChangeLog, table: string, since: number): boolean {
  return (changes.minimumVersion(table) ?? 0) > since || changes.changedSince(table, since);
}

function tablesOf(database: Database): string[] {
  return database
    .query<{ name: string }, []>("select name from sqlite_schema where type = 'table' order by name")
    .all()
    .map(({ name }) => name);
}
