import type { Database } from 'bun:sqlite';
import { createSqlChangeLog, type SqlChangeLog } from './sql-change-log.ts';
import { ERRORS, Refusal, type Schema, type SqlServerAbilities, schemaOver } from './sql-schema.ts';
import { sumsOf } from './sql-sums.ts';
import { rowsByKey, type TypedRows, wholeTable } from './sql-typed-rows.ts';
import type { TdsAnswer, TdsResult, TdsStatement } from './tds/endpoint.ts';
import type { TdsColumn } from './tds/rows.ts';

export interface SqlAnswers {
  readonly abilities: SqlServerAbilities;
  readonly changes: SqlChangeLog;
  /** Number of sent rows of tables, without catalogs. */
  readonly rowsSent: number;
  answer(statement: TdsStatement): TdsAnswer | undefined;
}

/** The statements of the feed. */
const MOST_CHANGED_ROWS = 100_000;

/** Answers the statements that a feed sends, from a SQLite database. @param keys of the tables, by their names */
export function createSqlAnswers(database: Database, keys: ReadonlyMap<string, string>): SqlAnswers {
  const abilities: SqlServerAbilities = {
    snapshot: true,
    changeTracking: 'on',
    usageStatistics: 'on',
    collation: 'SQL_Latin1_General_CP1_CI_AS',
    identity: '2026-01-01T08:00:00',
    started: '2026-03-01T03:00:00',
    revoked: new Set(),
    granted: new Set(),
    role: null,
    tellsOfPermissions: true,
    version: 'Microsoft SQL Server 2022 (RTM-CU16) - 16.0.4165.4 (X64)\n\tDeveloper Edition',
    clockAheadMs: 0,
  };
  const changes = createSqlChangeLog(database, keys);
  const schema = schemaOver(database, keys, abilities);
  let rowsSent = 0;
  const counted = ({ columns, rows }: TdsResult): TdsResult => ({ columns, rows: counting(rows, () => rowsSent++) });

  const context: Context = { database, keys, abilities, changes, schema, counted };
  return {
    abilities,
    changes,
    get rowsSent() {
      return rowsSent;
    },
    answer({ sql, parameters }) {
      const found = ANSWERS.find(([pattern]) => pattern.test(sql));
      try {
        return found?.[1](context, sql, Number(parameters[0]?.value ?? 0));
      } catch (error) {
        if (error instanceof Refusal) return { error: error.error };
        throw error;
      }
    },
  };
}

interface Context {
  readonly database: Database;
  readonly keys: ReadonlyMap<string, string>;
  readonly abilities: SqlServerAbilities;
  readonly changes: SqlChangeLog;
  readonly schema: Schema;
  counted(result: TdsResult): TdsResult;
}

const ANSWERS: readonly (readonly [RegExp, (context: Context, sql: string, since: number) => TdsAnswer])[] = [
  [/^set nocount on;/, answerTransaction],
  [/ from information_schema\.columns /, ({ schema, abilities }) => catalogRows(schema, abilities)],
  [/^select top \(0\) /, answerNothing],
  [/^select checksum_agg/, () => texts(['a'], [['0']])],
  [
    /^select snapshot_isolation_state/,
    ({ abilities }) => {
      const { snapshot, collation, identity, started, tellsOfPermissions } = abilities;
      const state = snapshot ? '1' : '0';
      return texts(['a', 'b', 'c', 'd'], [[tellsOfPermissions ? state : null, collation, identity, started]]);
    },
  ],
  [
    /^select change_tracking_current_version\(\)/,
    (context, sql) => {
      const [version, tables] = trackingState(context, sql, []);
      return {
        columns: [
          { name: 'a', type: 'bigint' },
          { name: 'b', type: 'nvarchar' },
          { name: 'c', type: 'nvarchar' },
        ],
        rows: [[version, context.abilities.identity, tables]],
      };
    },
  ],
  [
    / from sys\.indexes /,
    ({ schema, keys, changes }) => ({
      columns: [
        { name: 'a', type: 'nvarchar' },
        { name: 'b', type: 'int' },
        { name: 'c', type: 'nvarchar' },
      ],
      rows: schema.visible().map((name) => [String(changes.id(name)), 1, schema.primaryKey(name) ?? keys.get(name)]),
    }),
  ],
  [/has_perms_by_name/, permissions],
  [
    /is_srvrolemember/,
    ({ abilities: { role, tellsOfPermissions } }) => {
      const roles = ['sysadmin', 'db_owner'].map((each) => (role === each ? '1' : '0'));
      return texts(['a', 'b'], [tellsOfPermissions ? roles : [null, null]]);
    },
  ],
  [
    /^select @@version/,
    ({ abilities }) => {
      if (abilities.version === null) throw ERRORS.noFunction();
      return texts(['a'], [[abilities.version]]);
    },
  ],
  [
    /^select sysutcdatetime/,
    ({ abilities }) => ({
      columns: [{ name: 'a', type: 'datetime2' }],
      rows: [[new Date(Date.now() + abilities.clockAheadMs)]],
    }),
  ],
  [/ sys\.dm_db_index_usage_stats /, ({ schema, abilities, changes }, sql) => usage(schema, abilities, changes, sql)],
];

/** Permissions of the login on tables, in the order of the question. */
function permissions({ abilities }: Context, sql: string): TdsAnswer {
  const asked = [...sql.matchAll(/has_perms_by_name\(N'\[dbo\]\.\[(\w+)\]', N'OBJECT', N'([A-Z ]+)'\)/g)];
  const answers = asked.map(([, table, permission]) => {
    if (permission === 'VIEW CHANGE TRACKING') return abilities.changeTracking === 'denied' ? '0' : '1';
    if (!abilities.tellsOfPermissions) return null;
    return abilities.granted.has(`${table} ${permission}`) ? '1' : '0';
  });
  return texts(
    answers.map((_, index) => String(index)),
    [answers],
  );
}

/** The state of the requested tables, as `id:oldest` or `id:oldest:columns:moved`. */
function trackingState(
  context: Context,
  sql: string,
  moved: readonly number[],
): [version: number | null, tables: string] {
  const { abilities, changes, schema } = context;
  if (abilities.changeTracking === 'unknown') throw ERRORS.noFunction();
  const isLong = sql.includes('checksum_agg');
  const asked = [...sql.matchAll(/object_id\(N'([^']+)'\), N':', change_tracking_min_valid_version/g)];
  const states = asked.map(([, path = ''], index) => {
    const name = named(context, path);
    const id = schema.visible().includes(name) ? String(changes.id(name)) : '';
    const oldest = id !== '' && isTracked(abilities, schema, name) ? String(changes.oldest(name)) : '';
    const columns = id === '' ? '' : String(Bun.hash.crc32(schema.columns(name).join(' ')));
    return isLong ? `${id}:${oldest}:${columns}:${moved[index] ?? 0}` : `${id}:${oldest}`;
  });
  return [abilities.changeTracking === 'off' ? null : changes.version(), states.join(' ')];
}

function answerTransaction(context: Context, sql: string, since: number): TdsAnswer {
  const { abilities } = context;
  if (/isolation level snapshot/.test(sql) && !abilities.snapshot) throw ERRORS.noSnapshot();
  const moved = new Map<string, number>();
  const results: TdsResult[] = [];
  for (const line of sql.split('\n')) {
    const counted = /^declare (@moved\d+) .*changetable\(changes (\S+), @since\)/.exec(line);
    if (counted !== null) moved.set(counted[1] ?? '', changedKeys(context, named(context, counted[2]), since).length);
    else if (/^select @version/.test(line)) results.push(headOf(context, line, moved));
    else results.push(...rowsOf(context, line, moved, since));
  }
  return { results };
}

function headOf(context: Context, line: string, moved: ReadonlyMap<string, number>): TdsResult {
  const counts = [...line.matchAll(/N':', (@moved\d+|0)(?=[,)])/g)].map(([, count = '']) => moved.get(count) ?? 0);
  return {
    columns: [
      { name: 'a', type: 'bigint' },
      { name: 'b', type: 'nvarchar' },
    ],
    rows: [trackingState(context, line, counts)],
  };
}

/** The result of a statement about one table; undefined if its condition does not hold. */
function rowsOf(context: Context, line: string, moved: ReadonlyMap<string, number>, since: number): TdsResult[] {
  const { database, keys, counted, schema } = context;
  const sums = /^select (count_big.+) from (\[dbo\]\.\[\w+\]) as t;$/.exec(line);
  if (sums !== null) return [sumsOf(database, schema, sums[1] ?? '', named(context, sums[2]))];
  const whole = /^(?:if (@moved\d+) > (\d+) )?select (.+) from (\[dbo\]\.\[\w+\]) as t;$/.exec(line);
  if (whole !== null) {
    const [, count, bound, list = '', path = ''] = whole;
    if (count !== undefined && (moved.get(count) ?? 0) <= Number(bound)) return [];
    const name = named(context, path);
    const columns = columnsIn(list, 't');
    schema.check(name, columns);
    return [counted(typedResult(columns, wholeTable(database, schema.actual(name), columns)))];
  }
  const some = /^else if (@moved\d+) > 0 select c\.\S+, (.+) from changetable\(changes (\S+), @since\)/.exec(line);
  if (some === null) return [];
  const [, variable = '', list = '', path = ''] = some;
  const name = named(context, path);
  const count = moved.get(variable) ?? 0;
  if (count === 0 || count > MOST_CHANGED_ROWS) return [];
  const columns = columnsIn(list, 't');
  schema.check(name, columns);
  const key = keys.get(name) ?? 'Id';
  const found = rowsByKey(database, schema.actual(name), key, columns, changedKeys(context, name, since));
  return [counted(typedResult([key, ...columns], found))];
}

function changedKeys({ abilities, changes, schema }: Context, name: string, since: number): unknown[] {
  if (!schema.visible().includes(name)) throw ERRORS.noObject(name);
  if (abilities.changeTracking === 'denied') throw ERRORS.denied('VIEW CHANGE TRACKING', name);
  if (!isTracked(abilities, schema, name)) throw ERRORS.notTracked(name);
  return changes.changedSince(name, since);
}

function isTracked({ changeTracking }: SqlServerAbilities, schema: Schema, name: string): boolean {
  if (schema.isView(name) || (changeTracking === 'partly' && name === 'Payments')) return false;
  return changeTracking === 'on' || changeTracking === 'partly';
}

function answerNothing(context: Context, sql: string): TdsAnswer {
  const results = sql.split('\n').map((line) => {
    const [, list = '', path = ''] = /^select top \(0\) (.+) from (\S+) as t;$/.exec(line) ?? [];
    const columns = columnsIn(list, 't');
    context.schema.check(named(context, path), columns);
    return { columns: columns.map((name) => ({ name, type: 'nvarchar' as const })), rows: [] };
  });
  return { results };
}

function usage(schema: Schema, abilities: SqlServerAbilities, changes: SqlChangeLog, sql: string): TdsAnswer {
  if (abilities.usageStatistics === 'unknown') throw ERRORS.noObject('sys.dm_db_index_usage_stats');
  if (abilities.usageStatistics === 'denied') throw ERRORS.noServerState();
  const asked = [...sql.matchAll(/\(N'(\w+)', object_id\(/g)].map(([, name = '']) => name);
  const rows = asked.map((name) => {
    const id = schema.visible().includes(name) ? String(changes.id(name)) : '';
    return [name, `${id} ${changes.writes(name)} `, abilities.identity, abilities.started];
  });
  return texts(['a', 'b', 'c', 'd'], rows);
}

function catalogRows(schema: Schema, { collation }: SqlServerAbilities): TdsAnswer {
  const rows = schema
    .visible()
    .flatMap((table) =>
      schema
        .columns(table)
        .map((column) => [
          ...['dbo', schema.actual(table), column, schema.dataType(table, column), collation],
          ...['0', schema.isView(table) ? '1' : '0'],
        ]),
    );
  return texts(['a', 'b', 'c', 'd', 'e', 'f', 'g'], rows);
}

function typedResult(names: readonly string[], { types, rows }: TypedRows): TdsResult {
  const columns = names.map((name, index): TdsColumn => ({ name, type: types[index] ?? 'nvarchar' }));
  return { columns, rows };
}

function texts(names: readonly string[], rows: readonly (readonly unknown[])[]): TdsAnswer {
  return { columns: names.map((name) => ({ name, type: 'nvarchar' })), rows };
}

/** The company's name of a table, from the database's: `[dbo].[claims]` or `[Claims]`. */
function named({ keys }: Context, path = ''): string {
  const name = /\[([^\]]+)\]$/.exec(path)?.[1] ?? path;
  return [...keys.keys()].find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

/** `t.[Id], t.[Name]` */
function columnsIn(list: string, alias: string): string[] {
  return [...list.matchAll(new RegExp(`${alias}\\.\\[([^\\]]+)\\]`, 'g'))].map(([, name = '']) => name);
}

function* counting(rows: Iterable<readonly unknown[]>, count: () => void): Iterable<readonly unknown[]> {
  for (const row of rows) {
    count();
    yield row;
  }
}
