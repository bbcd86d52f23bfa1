import type { Clock } from '../../runtime/clock.ts';
import { SessionOutdatedError } from '../feed-source.ts';
import { type ChangeDetection, type NoDetection, POLL_MS } from './change-detection.ts';
import type { Connection } from './connection.ts';
import { isPermissionError, isRefused } from './failures.ts';
import type { FoundDatabase } from './found-database.ts';
import type { KeyedTable } from './found-table.ts';
import { type CountedPosition, digest, readPosition, writePosition } from './position.ts';
import { DATABASE_IDENTITY, textLiteral } from './statements.ts';
import { checkColumns, createWholeReader, loadTables } from './whole-tables.ts';

const NOT_PERMITTED =
  'the login may not read the usage statistics: grant view server state to the login (2022: view server performance state)';

/** The writes that the server counted since its start. */
interface Counted {
  readonly identity: string;
  readonly started: string;
  /** By table: number and time of the last write, as text to compare. */
  readonly writes: Readonly<Record<string, string>>;
}

/**
 * Uses the server's index usage statistics (`sys.dm_db_index_usage_stats`) if the login may read them. It needs VIEW SERVER
 * STATE, since SQL Server 2022 VIEW SERVER PERFORMANCE STATE, on Azure SQL Database VIEW DATABASE STATE.
 *
 * @param reason why Change Tracking is not used
 * @throws the driver's error if the server fails
 */
export async function findUsageStatistics(
  connection: Connection,
  database: FoundDatabase,
  clock: Clock,
  reason: string,
): Promise<ChangeDetection | NoDetection> {
  const views = database.tables.filter(({ isView }) => isView).map(({ name }) => name);
  if (views.length > 0) return { why: `no usage statistics are kept of ${views.join(', ')}, a view` };
  if (database.tables.length === 0) return { why: 'there is no table to follow' };
  try {
    await readCounts(connection, database.tables);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { why: isPermissionError(error) ? NOT_PERMITTED : 'this server has no usage statistics' };
  }
  return detectByUsageStatistics(database, clock, reason);
}

/**
 * Reads a table whole if its count of writes changed. A write is counted before it is committed, so the table is read once
 * more with the next poll.
 */
function detectByUsageStatistics(database: FoundDatabase, clock: Clock, reason: string): ChangeDetection {
  const { tables } = database;
  const schema = digest(database.columns);
  const reader = createWholeReader(database, clock);
  const positionOf = (counted: Counted, again: readonly string[]): string =>
    writePosition({ mode: 'usage-statistics', schema, again, ...counted });

  return {
    mode: 'usage-statistics',
    reason,
    pauseMs: POLL_MS,

    async canFollow(connection, text) {
      const position = countedPosition(text);
      if (position?.schema !== schema) return false;
      const { identity, started } = await readCounts(connection, tables);
      return identity === position.identity && started === position.started;
    },

    async load(connection, sink, began) {
      began(positionOf(await readCounts(connection, tables), []));
      await loadTables(connection, database, sink);
    },

    async poll(connection, text, sink, mustCatchUp) {
      const position = countedPosition(text);
      if (position === null) throw new SessionOutdatedError('The position was written in another feed mode', true);
      const counted = await readCounts(connection, tables);
      if (counted.identity !== position.identity || counted.started !== position.started) {
        throw new SessionOutdatedError('The server was restarted, or the database was replaced', true);
      }
      const written = tables.filter(({ name }) => counted.writes[name] !== position.writes[name]);
      const again = tables.filter(({ name }) => position.again.includes(name));
      const due = tables.filter(
        (table) =>
          (written.includes(table) || again.includes(table)) &&
          (mustCatchUp || clock.elapsed() >= reader.notBefore(table.name)),
      );
      if (due.length === 0) {
        if (mustCatchUp) await checkColumns(connection, database);
        return null;
      }
      await reader.read(connection, due, sink);
      return positionOf(...countsAfter(position, counted, written, due));
    },
  };
}

/** Tables that were not read keep their old counts, so that a later poll reads them. */
function countsAfter(
  position: CountedPosition,
  counted: Counted,
  written: readonly KeyedTable[],
  due: readonly KeyedTable[],
): [Counted, string[]] {
  const read = new Set(due.map(({ name }) => name));
  const writes = Object.fromEntries(
    Object.entries(counted.writes).map(([name, now]) => [name, read.has(name) ? now : (position.writes[name] ?? '')]),
  );
  const again = [
    ...position.again.filter((name) => !read.has(name)),
    ...written.map(({ name }) => name).filter((name) => read.has(name)),
  ];
  return [{ ...counted, writes }, again];
}

/** @throws the driver's error if the login may not read them */
export async function readCounts(connection: Connection, tables: readonly KeyedTable[]): Promise<Counted> {
  const names = tables.map(({ name, path }) => `(${textLiteral(name)}, object_id(${textLiteral(path)}))`).join(', ');
  const started = "(select convert(nvarchar(30), create_date, 126) from sys.databases where name = N'tempdb')";
  const text = `select m.name, concat(m.id, N' ', sum(u.user_updates), N' ', convert(nvarchar(30), max(u.last_user_update), 126)), ${DATABASE_IDENTITY}, ${started} from (values ${names}) as m(name, id) left join sys.dm_db_index_usage_stats as u on u.object_id = m.id and u.database_id = db_id() group by m.name, m.id;`;
  const rows = await connection.rows({ text });
  return {
    identity: String(rows[0]?.[2] ?? ''),
    started: String(rows[0]?.[3] ?? ''),
    writes: Object.fromEntries(rows.map(([name, writes]) => [String(name), String(writes)])),
  };
}

function countedPosition(text: string): CountedPosition | null {
  const position = readPosition(text);
  return position?.mode === 'usage-statistics' ? position : null;
}
