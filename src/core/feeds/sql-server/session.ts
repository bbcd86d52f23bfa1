import type { TableChecksum } from '../../mirror/checksum.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import { type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { compareTables } from './compare.ts';
import type { Connection, Connections } from './connection.ts';
import { isOutdated, isRefused, isSnapshotRefused } from './failures.ts';
import type { Look } from './look.ts';
import type { Way } from './way.ts';

export interface SqlServerSession extends FeedSession {
  /** Row counts and sums of every table, to be compared with the mirror's. */
  compare(signal: AbortSignal): Promise<readonly TableChecksum[]>;
}

export interface SessionOptions {
  readonly connections: Connections;
  readonly look: Look;
  readonly way: Way;
  readonly clock: Clock;
  /** Whether a better way is possible by now. */
  readonly hasBetter: (connection: Connection) => Promise<boolean>;
  /** Called when nothing may be read in a SNAPSHOT transaction, though the database says so. */
  readonly onSnapshotRefused: () => void;
  /** Called if the server refused to compute a row: each table has to be checked before it is read. */
  readonly onRowRefused: () => void;
}

/** How often to check whether a better mode is possible, ms. */
const IMPROVE_AFTER_MS = 60_000;

export function createSession(options: SessionOptions): SqlServerSession {
  const { connections, look, way, clock, hasBetter, onSnapshotRefused, onRowRefused } = options;
  const closing = new AbortController();
  let lookedAt = clock.elapsed();

  const ask = async <Result>(
    work: (connection: Connection) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> => {
    try {
      return await connections.ask(work, AbortSignal.any([signal, closing.signal]));
    } catch (error) {
      if (isSnapshotRefused(error)) onSnapshotRefused();
      if (isOutdated(error)) throw new SessionOutdatedError(messageOf(error), false);
      if (isRefused(error)) onRowRefused();
      throw error;
    }
  };

  const improve = async (connection: Connection, isAsked: boolean) => {
    if (
      (way.reason === null && look.refused.length === 0) ||
      !(isAsked || clock.elapsed() - lookedAt >= IMPROVE_AFTER_MS)
    )
      return;
    lookedAt = clock.elapsed();
    if (await hasBetter(connection))
      throw new SessionOutdatedError('A better way to read or to notice changes is possible now', false);
  };

  return {
    mode: way.mode,
    reason: way.reason,
    catalog: look.catalog,
    get pauseMs() {
      return way.pauseMs;
    },
    canFollow: (position, signal) => ask((connection) => way.canFollow(connection, position), signal),
    async load(sink, signal) {
      let position: string | undefined;
      let hasRows = false;
      const rows: RowSink['rows'] = (table, handed) => {
        hasRows = true;
        return sink.rows(table, handed);
      };
      const began = (text: string) => {
        position = text;
      };
      await ask((connection) => {
        // A row that a load reads twice would count as a duplicate key.
        if (hasRows) throw new SessionOutdatedError('The connection was lost in the middle of the first load', true);
        return way.load(connection, { rows }, began);
      }, signal);
      if (position === undefined) throw new TypeError('A load that ended well has a position');
      return position;
    },
    poll: (position, sink, signal, isAsked) =>
      ask(async (connection) => {
        await improve(connection, isAsked);
        return way.poll(connection, position, sink, isAsked);
      }, signal),
    compare: (signal) => ask((connection) => compareTables(connection, look), signal),
    async close() {
      closing.abort();
    },
  };
}
