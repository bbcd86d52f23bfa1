import { setTimeout } from 'node:timers/promises';
import type { ConnectionPool } from 'mssql';
import { withSignal } from '../../runtime/with-signal.ts';
import { isConnectionLost, isDeadlockVictim, sourceErrorOf } from './failures.ts';
import { createPool } from './pool.ts';
import { type Chunk, type Row, readRows, type Statement, streamResults } from './requests.ts';
import type { SqlServerSettings } from './settings.ts';

/** What statements are sent through while something is asked. */
export interface Connection {
  /** Every row of a small result. */
  rows(statement: Statement): Promise<readonly Row[]>;
  /** Results of any size, in chunks. */
  stream(statement: Statement, take: (chunk: Chunk) => Promise<void>): Promise<void>;
}

export interface Connections {
  /**
   * Works with a connection, and once more on a fresh one when the server ended the first or chose its query as a
   * deadlock victim. So the work must not mind being done twice.
   *
   * @throws SourceError; SourceTimeoutError soon after the signal is aborted; an error that is
   *   not the driver's unchanged
   */
  ask<Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** How long the second attempt waits, ms; half as long to one and a half times as long, so that many do not come at once. */
const SECOND_ATTEMPT_MS = 100;

/**
 * The connections to a server, of which none is made before it is needed.
 *
 * @param random from 0 to 1, for the jitter of the second attempt
 */
export function createConnections(settings: SqlServerSettings, random: () => number): Connections {
  const pool = createPool(settings);
  const closing = new AbortController();

  const attempt = async <Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal) =>
    work(connectionOver(await pool.connected(), signal, settings.requestTimeoutMs));

  const twice = async <Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal) => {
    try {
      return await attempt(work, signal);
    } catch (error) {
      if (signal.aborted || !(isConnectionLost(error) || isDeadlockVictim(error))) throw error;
      await setTimeout((0.5 + random()) * SECOND_ATTEMPT_MS, undefined, { signal });
      return attempt(work, signal);
    }
  };

  return {
    async ask(work, signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      try {
        return await withSignal(twice(work, either), either);
      } catch (error) {
        throw sourceErrorOf(error, settings);
      }
    },
    async close() {
      closing.abort();
      await pool.close();
    },
  };
}

function connectionOver(pool: ConnectionPool, signal: AbortSignal, stallMs: number): Connection {
  const options = { signal, stallMs };
  return {
    rows: (statement) => readRows(pool, statement, options),
    stream: (statement, take) => streamResults(pool, statement, take, options),
  };
}
