import mssql, { type ConnectionPool, type config } from 'mssql';
import { settledWithin } from '../../runtime/settled-within.ts';
import { keepLoginErrors } from './login-errors.ts';
import { releaseTlsAtEnd } from './release-tls.ts';
import type { SqlServerSettings } from './settings.ts';

/** Shown to administrators in `sys.dm_exec_sessions`. */
const APPLICATION_NAME = 'Greg BI';

/** If the server has not stopped a cancelled statement by then, the connection is closed, ms. */
const CANCEL_WITHIN_MS = 2_000;

/** How long closing may take, ms. */
const CLOSE_WITHIN_MS = 1_500;

/** A pool that connects when it is first needed, and again after a failure. */
export interface LazyPool {
  /** @throws an error of `mssql` when the server cannot be reached or refuses the login */
  connected(): Promise<ConnectionPool>;
  /** Never rejects. */
  close(): Promise<void>;
}

export function createPool(settings: SqlServerSettings): LazyPool {
  let pool: ConnectionPool | undefined;
  let closed = false;
  return {
    async connected() {
      if (closed) throw new mssql.ConnectionError('The pool is closed', 'ENOTOPEN');
      if (pool === undefined) {
        pool = new mssql.ConnectionPool(poolConfig(settings));
        // Every failure also rejects a request; an `error` event without a listener would end the process.
        pool.on('error', () => {});
      }
      return pool.connect();
    },
    async close() {
      closed = true;
      if (pool === undefined) return;
      // A pool that is connecting cannot be closed; connecting ends by itself within its time limit.
      await settledWithin(pool.close(), CLOSE_WITHIN_MS);
    },
  };
}

/**
 * Runs work on a new pool, and closes the pool.
 *
 * @throws an error of `mssql` or of the work
 */
export async function withPool<Result>(
  settings: SqlServerSettings,
  work: (pool: ConnectionPool) => Promise<Result>,
): Promise<Result> {
  const lazy = createPool(settings);
  try {
    return await work(await lazy.connected());
  } finally {
    await lazy.close();
  }
}

function poolConfig(settings: SqlServerSettings): config {
  const { server, port, instanceName, database, userName, password, connectTimeoutMs, requestTimeoutMs } = settings;
  const { encryption, trustServerCertificate, certificateAuthority, readOnlyIntent, poolSize } = settings;
  return {
    server,
    port,
    database,
    user: userName,
    password,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    beforeConnect(connection) {
      releaseTlsAtEnd(connection);
      keepLoginErrors(connection);
    },
    // The default is a statement of its own before each request.
    validateConnection: 'socket',
    pool: { max: poolSize, min: 0, acquireTimeoutMillis: requestTimeoutMs },
    options: {
      encrypt: encryption,
      trustServerCertificate,
      readOnlyIntent,
      appName: APPLICATION_NAME,
      useUTC: true,
      cancelTimeout: CANCEL_WITHIN_MS,
      ...(instanceName === null ? {} : { instanceName }),
      ...(certificateAuthority === null ? {} : { cryptoCredentialsDetails: { ca: certificateAuthority } }),
    },
  };
}
