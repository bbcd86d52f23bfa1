import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { type FoundCollections, findCollections } from './catalog.ts';
import { readCollection } from './read-collection.ts';
import type { Requests } from './requests.ts';

/** The last read of all collections. */
export interface LastRead {
  readonly position: string;
  /** When the next read is due, by `clock.elapsed()`. */
  readonly nextAt: number;
}

export interface IntervalSessionOptions {
  readonly requests: Requests;
  readonly tables: readonly MirroredTable[];
  readonly found: FoundCollections;
  /** Why there is no change stream, and what enables one. */
  readonly reason: string | null;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly last: LastReadRecord;
}

/** The last read of a source. Shared by its sessions. */
export interface LastReadRecord {
  current: LastRead | null;
}

/** The pause after a read is at least this many times as long as the read. */
const PAUSE_FACTOR = 9;

/** Reads every collection whole, at an interval. */
export function createIntervalSession(options: IntervalSessionOptions): FeedSession {
  const { requests, tables, found, reason, intervalMs, clock, last } = options;
  const present = tables.filter(({ table }) => found.catalog.columns[table.name] !== undefined);

  const read = async (sink: RowSink, signal: AbortSignal, announce: (table: string) => Promise<void>) => {
    last.current = null;
    const startedAt = clock.elapsed();
    await requests.run(async (database) => {
      for (const mirrored of present) {
        signal.throwIfAborted();
        await announce(mirrored.table.name);
        const isOrdered = !found.withoutChanges.has(mirrored.table.name);
        await readCollection(database, mirrored, sink, { clock, signal, isOrdered });
      }
    }, signal);
    const ended = clock.elapsed();
    const position = `read ${clock.now()} ${ended}`;
    last.current = { position, nextAt: ended + Math.max(intervalMs, PAUSE_FACTOR * (ended - startedAt)) };
    return position;
  };

  return {
    mode: 'interval',
    reason,
    catalog: found.catalog,
    get pauseMs() {
      return last.current === null ? 0 : Math.max(0, last.current.nextAt - clock.elapsed());
    },
    // The next read replaces the content of the mirror anyway.
    canFollow: async () => true,
    load: (sink, signal) => read(sink, signal, async () => {}),
    async poll(position, sink, signal, mustCatchUp) {
      const isDue = last.current?.position !== position || clock.elapsed() >= last.current.nextAt;
      if (!isDue && !mustCatchUp) return null;
      const now = await requests.runWithRetry((database) => findCollections(database, tables, signal), signal);
      if (now.fingerprint !== found.fingerprint)
        throw new SessionOutdatedError('A collection was created or dropped', true);
      return read(sink, signal, (table) => sink.whole(table));
    },
    close: async () => {},
  };
}
