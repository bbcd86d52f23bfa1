import { setTimeout } from 'node:timers/promises';
import type { ConnectionPool } from 'mssql';
import { withSignal } from '../../runtime/with-signal.ts';
import { isConnectionLost, isDeadlockVictim, sourceErrorOf } from './failures.ts';
import { createPool } from './pool.ts';
import { type Chunk, type Row, readRows, type Statement, streamResults } from './requests.ts';
import type { SqlServerSettings } from './settings.ts';

/** Sends statements. */
export interface Connection {
  /** Returns all rows of a small result. */
  rows(statement: Statement): Promise<readonly Row[]>;
  /** Passes results of any size to `take`, in chunks. */
  stream(statement: Statement, take: (chunk: Chunk) => Promise<void>): Promise<void>;
}

export interface Connections {
  /**
   * Runs work on a connection. If the server ended the connection or chose the query as a deadlock victim, the work runs once
   * more on a new connection, so it must be repeatable.
   *
   * @throws SourceError; SourceTimeoutError soon after the signal is aborted; errors that are not the driver's, unchanged
   */
  ask<Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Mean wait before the second attempt, ms. With jitter from half to one and a half times, so that not all come at once. */
const SECOND_ATTEMPT_MS = 100;

/**
 * The connections to a server. Connects when it is first needed.
 *
 * @param random from 0 to 1, for the jitter of the second attempt
 */
export function createConnections(settings: SqlServerSettings, random: () => number): Connections {
  const pool = createPool(settings);
  const closing = new AbortController();

  const attempt = async <Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal) =>
    work(connectionOver(await pool.connected(), signal, settings.requestTimeoutMs));

  const withRetry = async <Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal) => {
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
      const stop = AbortSignal.any([signal, closing.signal]);
      try {
        return await withSignal(withRetry(work, stop), stop);
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
