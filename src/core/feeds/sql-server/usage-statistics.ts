import type { Clock } from '../../runtime/clock.ts';
import { SessionOutdatedError } from '../feed-source.ts';
import type { Connection } from './connection.ts';
import { isPermissionError, isRefused } from './failures.ts';
import type { KeyedTable } from './found-table.ts';
import type { Look } from './look.ts';
import { type CountedPosition, digest, readPosition, writePosition } from './position.ts';
import { DATABASE_IDENTITY, textLiteral } from './statements.ts';
import { type NoWay, POLL_MS, type Way } from './way.ts';
import { checkColumns, createWholeReader, loadTables } from './whole-tables.ts';

const NOT_PERMITTED =
  'the usage statistics may not be looked at: grant view server state to the login (2022: view server performance state)';

/** The writes that a server counted since it was started. */
interface Counted {
  readonly identity: string;
  readonly started: string;
  /** By table: how many, and when the last was, as text to compare. */
  readonly writes: Readonly<Record<string, string>>;
}

/**
 * The writes that the server counts (`sys.dm_db_index_usage_stats`), where the login may look at them. That takes VIEW
 * SERVER STATE, since SQL Server 2022 VIEW SERVER PERFORMANCE STATE, on Azure SQL Database VIEW DATABASE STATE.
 *
 * @param reason why it is not Change Tracking
 * @throws the driver's error when the server cannot be asked
 */
export async function findUsageStatistics(
  connection: Connection,
  look: Look,
  clock: Clock,
  reason: string,
): Promise<Way | NoWay> {
  const views = look.tables.filter(({ isView }) => isView).map(({ name }) => name);
  if (views.length > 0) return { why: `no usage statistics are kept of ${views.join(', ')}, a view` };
  if (look.tables.length === 0) return { why: 'there is no table to follow' };
  try {
    await readCounts(connection, look.tables);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { why: isPermissionError(error) ? NOT_PERMITTED : 'this server has no usage statistics' };
  }
  return usageStatisticsWay(look, clock, reason);
}

/**
 * Reads a table whole when writes to it were counted. A write is counted before it is committed, so that a table is read
 * once more with the poll after.
 */
function usageStatisticsWay(look: Look, clock: Clock, reason: string): Way {
  const { tables } = look;
  const schema = digest(look.columns);
  const reader = createWholeReader(look, clock);
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
      await loadTables(connection, look, sink);
    },

    async poll(connection, text, sink, isAsked) {
      const position = countedPosition(text);
      if (position === null) throw new SessionOutdatedError('The position is of another way to notice changes', true);
      const counted = await readCounts(connection, tables);
      if (counted.identity !== position.identity || counted.started !== position.started) {
        throw new SessionOutdatedError('The server was started anew, or has another database in its place', true);
      }
      const written = tables.filter(({ name }) => counted.writes[name] !== position.writes[name]);
      const again = tables.filter(({ name }) => position.again.includes(name));
      const due = tables.filter(
        (table) =>
          (written.includes(table) || again.includes(table)) &&
          (isAsked || clock.elapsed() >= reader.notBefore(table.name)),
      );
      if (due.length === 0) {
        if (isAsked) await checkColumns(connection, look);
        return null;
      }
      await reader.read(connection, due, sink);
      return positionOf(...after(position, counted, written, due));
    },
  };
}

/** What is not due yet stays as it was, so that it is due with a later poll. */
function after(
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

/** @throws the driver's error where the login may not look */
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
