import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { type FoundCollections, findCollections } from './catalog.ts';
import { readCollection } from './read-collection.ts';
import type { Requests } from './requests.ts';

/** When everything was read the last time; it outlives the sessions of a source. */
export interface LastRead {
  readonly position: string;
  /** By the clock's elapsed time. */
  readonly nextAt: number;
}

export interface IntervalSessionOptions {
  readonly requests: Requests;
  readonly tables: readonly MirroredTable[];
  readonly found: FoundCollections;
  /** Why there is no change stream, and what would give one. */
  readonly reason: string | null;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly last: LastReadRecord;
}

/** Holds the last read of a source. */
export interface LastReadRecord {
  current: LastRead | null;
}

/** A read that took long is followed by a pause of at least so many times that. */
const PAUSE_FACTOR = 9;

/** Reads every collection whole, at an interval. */
export function createIntervalSession(options: IntervalSessionOptions): FeedSession {
  const { requests, tables, found, reason, intervalMs, clock, last } = options;
  const present = tables.filter(({ table }) => found.catalog.columns[table.name] !== undefined);

  const read = async (sink: RowSink, signal: AbortSignal, announce: (table: string) => Promise<void>) => {
    last.current = null;
    const begun = clock.elapsed();
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
    last.current = { position, nextAt: ended + Math.max(intervalMs, PAUSE_FACTOR * (ended - begun)) };
    return position;
  };

  return {
    mode: 'interval',
    reason,
    catalog: found.catalog,
    get pauseMs() {
      return last.current === null ? 0 : Math.max(0, last.current.nextAt - clock.elapsed());
    },
    // The next read replaces the content of the mirror in any case.
    canFollow: async () => true,
    load: (sink, signal) => read(sink, signal, async () => {}),
    async poll(position, sink, signal, mustCatchUp) {
      const isDue = last.current?.position !== position || clock.elapsed() >= last.current.nextAt;
      if (!isDue && !mustCatchUp) return null;
      const now = await requests.runWithRetry((database) => findCollections(database, tables, signal), signal);
      if (now.fingerprint !== found.fingerprint) throw new SessionOutdatedError('A collection appeared or went', true);
      return read(sink, signal, (table) => sink.whole(table));
    },
    close: async () => {},
  };
}
