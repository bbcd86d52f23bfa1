import type { Database } from 'bun:sqlite';
import { type ChangeSink, SessionOutdatedError } from '../../../../src/core/feeds/feed-source.ts';
import type { SqlServerSession } from '../../../../src/core/feeds/sql-server/session.ts';
import type { SqlServerFeedSource } from '../../../../src/core/feeds/sql-server/source.ts';
import type { MirroredTable } from '../../../../src/core/mirror/catalog.ts';
import type { RawCell, RawRow } from '../../../../src/core/mirror/mirror-writer.ts';
import { rawRowsOf } from '../../../support/sql-company.ts';
import { EVERY_COLUMN } from '../../../support/sql-server-endpoint.ts';

/** The simplest mirror: the rows of each table by their keys as text. */
export interface Collector extends ChangeSink {
  table(name: string): Map<string, RawRow>;
  /** What was called, in order: `rows Claims 3`, `deleted Claims 1`, `whole Claims`. */
  readonly calls: string[];
  clear(): void;
}

export function createCollector(): Collector {
  const tables = new Map<string, Map<string, RawRow>>();
  const calls: string[] = [];
  const table = (name: string) => {
    const found = tables.get(name) ?? new Map<string, RawRow>();
    tables.set(name, found);
    return found;
  };
  return {
    table,
    calls,
    clear: () => tables.clear(),
    async rows(name, rows) {
      calls.push(`rows ${name} ${rows.length}`);
      for (const row of rows) table(name).set(String(row[0]), row);
    },
    async deleted(name, keys: readonly RawCell[]) {
      calls.push(`deleted ${name} ${keys.length}`);
      for (const key of keys) table(name).delete(String(key));
    },
    async whole(name) {
      calls.push(`whole ${name}`);
      table(name).clear();
    },
  };
}

/** Follows a source as a feed does: a session that is outdated is followed by another one. */
export interface Follower {
  readonly collector: Collector;
  readonly session: SqlServerSession;
  readonly position: string;
  /** How often a session was opened, and everything loaded. */
  readonly opened: number;
  readonly loaded: number;
  /** Why the last session was given up. */
  readonly outdated: SessionOutdatedError | null;
  /** Whether something was handed over. */
  poll(mustCatchUp?: boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** Longer than anything takes on a busy machine. */
const WITHIN_MS = 60_000;
/** A session that is given up once a poll is one too many. */
const MOST_SESSIONS = 3;

export async function follow(
  source: SqlServerFeedSource,
  onto: Follower['collector'] = createCollector(),
): Promise<Follower> {
  const signal = () => AbortSignal.timeout(WITHIN_MS);
  let session = await source.open(signal());
  let position = await session.load(onto, signal());
  let [opened, loaded] = [1, 1];
  let outdated: SessionOutdatedError | null = null;

  const reopen = async (error: SessionOutdatedError) => {
    outdated = error;
    await session.close();
    session = await source.open(signal());
    opened++;
    if (!error.reload && (await session.canFollow(position, signal()))) return;
    onto.clear();
    position = await session.load(onto, signal());
    loaded++;
  };

  return {
    collector: onto,
    get session() {
      return session;
    },
    get position() {
      return position;
    },
    get opened() {
      return opened;
    },
    get loaded() {
      return loaded;
    },
    get outdated() {
      return outdated;
    },
    async poll(mustCatchUp = false) {
      for (let attempt = 1; ; attempt++) {
        try {
          const next = await session.poll(position, onto, signal(), mustCatchUp);
          position = next ?? position;
          return next !== null || attempt > 1;
        } catch (error) {
          if (!(error instanceof SessionOutdatedError) || attempt === MOST_SESSIONS) throw error;
          await reopen(error);
        }
      }
    },
    async close() {
      await session.close();
      await source.close();
    },
  };
}

/** The rows of every table that was handed over, to be compared with what the database holds. */
export function collected(collector: Collector, tables: readonly MirroredTable[] = EVERY_COLUMN) {
  return Object.fromEntries(tables.map(({ table }) => [table.name, sorted(collector.table(table.name))]));
}

/** The same of a database. */
export function rowsHeld(database: Database) {
  return Object.fromEntries(
    EVERY_COLUMN.map(({ table, columns }) => [table.name, sorted(rawRowsOf(database, table.name, columns))]),
  );
}

export function sorted(rows: ReadonlyMap<string, RawRow>): (readonly [string, RawRow])[] {
  return [...rows].sort(([left], [right]) => (left < right ? -1 : 1));
}
