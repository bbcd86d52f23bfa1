import type { TableChecksum } from '../../mirror/checksum.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import { type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import type { ChangeDetection } from './change-detection.ts';
import { compareTables } from './compare.ts';
import type { Connection, Connections } from './connection.ts';
import { isOutdated, isRefused, isSnapshotRefused } from './failures.ts';
import type { FoundDatabase } from './found-database.ts';

export interface SqlServerSession extends FeedSession {
  /** Row counts and sums of every table, to compare with the mirror. */
  compare(signal: AbortSignal): Promise<readonly TableChecksum[]>;
}

export interface SessionOptions {
  readonly connections: Connections;
  readonly database: FoundDatabase;
  readonly detection: ChangeDetection;
  readonly clock: Clock;
  /** Whether a better way is possible by now. */
  readonly hasBetter: (connection: Connection) => Promise<boolean>;
  /** Called if the server refuses SNAPSHOT transactions, although the database allows them. */
  readonly onSnapshotRefused: () => void;
  /** Called if the server refused to compute a row: each table has to be checked before it is read. */
  readonly onRowRefused: () => void;
}

/** How often to check whether a better mode is possible, ms. */
const IMPROVE_AFTER_MS = 60_000;

export function createSession(options: SessionOptions): SqlServerSession {
  const { database, detection } = options;
  const closing = new AbortController();
  const ask = askWith(options, closing.signal);
  const checkForBetter = createImprovementCheck(options);
  return {
    mode: detection.mode,
    reason: detection.reason,
    catalog: database.catalog,
    get pauseMs() {
      return detection.pauseMs;
    },
    canFollow: (position, signal) => ask((connection) => detection.canFollow(connection, position), signal),
    load: (sink, signal) => load(ask, detection, sink, signal),
    poll: (position, sink, signal, mustCatchUp) =>
      ask(async (connection) => {
        await checkForBetter(connection, mustCatchUp);
        return detection.poll(connection, position, sink, mustCatchUp);
      }, signal),
    compare: (signal) => ask((connection) => compareTables(connection, database), signal),
    async close() {
      closing.abort();
    },
  };
}

type Ask = <Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/** Works with a connection until the session closes, and handles the errors that concern the session. */
function askWith({ connections, onSnapshotRefused, onRowRefused }: SessionOptions, closing: AbortSignal): Ask {
  return async (work, signal) => {
    try {
      return await connections.ask(work, AbortSignal.any([signal, closing]));
    } catch (error) {
      if (isSnapshotRefused(error)) onSnapshotRefused();
      if (isOutdated(error)) throw new SessionOutdatedError(messageOf(error), false);
      if (isRefused(error)) onRowRefused();
      throw error;
    }
  };
}

/** @returns a check that throws a SessionOutdatedError if a better session is possible */
function createImprovementCheck({ database, detection, clock, hasBetter }: SessionOptions) {
  const isBest = detection.reason === null && database.refused.length === 0;
  let checkedAt = clock.elapsed();
  return async (connection: Connection, mustCatchUp: boolean): Promise<void> => {
    if (isBest || !(mustCatchUp || clock.elapsed() - checkedAt >= IMPROVE_AFTER_MS)) return;
    checkedAt = clock.elapsed();
    if (await hasBetter(connection)) {
      throw new SessionOutdatedError('A better session is possible now', false);
    }
  };
}

async function load(ask: Ask, detection: ChangeDetection, sink: RowSink, signal: AbortSignal): Promise<string> {
  let position: string | undefined;
  let hasRows = false;
  const rows: RowSink['rows'] = (table, read) => {
    hasRows = true;
    return sink.rows(table, read);
  };
  const began = (text: string) => {
    position = text;
  };
  await ask((connection) => {
    // A row that a load reads twice would count as a duplicate key.
    if (hasRows) throw new SessionOutdatedError('The connection was lost in the middle of the first load', true);
    return detection.load(connection, { rows }, began);
  }, signal);
  if (position === undefined) throw new TypeError('A successful load has a position');
  return position;
}
