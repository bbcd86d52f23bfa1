import { type ClientSession, type Db, type MongoClient, MongoServerSelectionError } from 'mongodb';
import type { Clock } from '../../runtime/clock.ts';
import { withSignal } from '../../runtime/with-signal.ts';
import { isRetryable, sourceErrorOf } from './failures.ts';
import type { RenewableClient } from './renewable-client.ts';

/** Runs requests to a server: with a signal, with errors for people, and over a client that may be replaced. */
export interface Requests {
  readonly description: string;
  /** The current client. */
  readonly client: MongoClient;
  readonly database: Db;
  /**
   * @throws SourceError for errors of the driver, and once the signal is aborted; other errors unchanged
   */
  run<Result>(work: (database: Db) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Like `run`, with one retry if only a connection, a cursor or a member was lost. */
  runWithRetry<Result>(work: (database: Db) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Runs work in a session of the driver. */
  inSession<Result>(
    work: (database: Db, session: ClientSession) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  /** Replaces the client, and with it connections that are stuck. */
  renew(): void;
}

export interface RequestsOptions {
  readonly connection: RenewableClient;
  readonly description: string;
  /** No retry for a request that failed later than this, ms: the driver already retried it. */
  readonly retryWithinMs: number;
  readonly clock: Clock;
}

export function createRequests({ connection, description, retryWithinMs, clock }: RequestsOptions): Requests {
  const attempt = async <Result>(
    work: (database: Db, client: MongoClient) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> => {
    const { client, database } = connection;
    const working = work(database, client);
    // Also after the signal was aborted: a client that could not connect never works again.
    working.catch((error: unknown) => connection.failed(error, client));
    return withSignal(working, signal);
  };
  const describeErrors = async <Result>(request: () => Promise<Result>): Promise<Result> => {
    try {
      return await request();
    } catch (error) {
      throw sourceErrorOf(error, description);
    }
  };
  const runWithRetry: Requests['runWithRetry'] = async (work, signal) => {
    const begun = clock.elapsed();
    try {
      return await attempt(work, signal);
    } catch (error) {
      if (signal.aborted || !isRetryable(error)) throw error;
      const isLate = clock.elapsed() - begun >= retryWithinMs;
      if (isLate && !(error instanceof MongoServerSelectionError)) throw error;
      return attempt(work, signal);
    }
  };

  return {
    description,
    get client() {
      return connection.client;
    },
    get database() {
      return connection.database;
    },
    run: (work, signal) => describeErrors(() => attempt(work, signal)),
    runWithRetry: (work, signal) => describeErrors(() => runWithRetry(work, signal)),
    inSession: (work, signal) =>
      describeErrors(() =>
        attempt(
          (database, client) => client.withSession({ causalConsistency: true }, (session) => work(database, session)),
          signal,
        ),
      ),
    renew: () => connection.renew(connection.client),
  };
}
