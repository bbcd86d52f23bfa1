import type { Database } from 'bun:sqlite';
import { describe } from 'bun:test';
import { Transaction } from 'mssql';
import type { SqlServerFeedSource } from '../../src/core/feeds/sql-server/source.ts';
import { openRealServer, type RealSqlServer, realServerSettings, sqlServerMissing } from './real-sql-server.ts';
import { type FeedSourceOptions, serveSqlServer } from './sql-server-endpoint.ts';
import type { TdsAnswer } from './tds/endpoint.ts';
import { unless } from './unless.ts';

/** A SQL Server database with the content of a SQLite database, which the test may change freely. */
export interface SqlServer {
  /** Address for a proxy: `http://host:port`. */
  readonly address: string;
  /** Whether it has Change Tracking, on every table. */
  readonly tracksChanges: boolean;
  source(options?: FeedSourceOptions): SqlServerFeedSource;
  /** Runs a statement that changes tables, here and in the SQLite database. */
  change(sql: string): Promise<void>;
  /** Locks the table against reads until the returned function is called. */
  lock(table: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface SqlServerKind {
  /** Time limit of a request, ms. */
  readonly requestWithinMs: number;
  open(database: Database): Promise<SqlServer>;
}

/** Creating a real database with its tables takes time. */
export const OPEN_WITHIN_MS = 120_000;

/** Repeats tests on every server that speaks TDS. */
export function onEverySqlServer(define: (kind: SqlServerKind) => void): void {
  describe('on the endpoint', () => define({ requestWithinMs: 4_000, open: openEndpoint }));
  const settings = realServerSettings();
  const title = 'on the SQL Server of TEST_MSSQL_URL';
  if (settings === null) {
    const open = () => Promise.reject(new Error('There is none'));
    describe.skip(unless(sqlServerMissing, title), () => define({ requestWithinMs: 0, open }));
    return;
  }
  const open = async (database: Database) => {
    const server = await openRealServer(settings);
    await server.load(database);
    const tracksChanges = await server.trackChanges();
    return { ...overReal(server, database), tracksChanges };
  };
  describe(title, () => define({ requestWithinMs: 4_000, open }));
}

async function openEndpoint(database: Database): Promise<SqlServer> {
  const locks = new Map<string, Promise<void>>();
  const server = await serveSqlServer(database, {
    interfere({ sql }, signal) {
      const lock = [...locks].find(([table]) => sql.includes(`[dbo].[${table}]`))?.[1];
      return lock && untilFree(lock, signal);
    },
  });
  return {
    address: server.address,
    tracksChanges: true,
    source: server.source,
    change: async (sql) => server.write(sql),
    async lock(table) {
      const { promise, resolve } = Promise.withResolvers<void>();
      locks.set(table, promise);
      return async () => {
        locks.delete(table);
        resolve();
      };
    },
    close: server.close,
  };
}

/** A statement that waits for a lock until the test cancels it. */
function untilFree(lock: Promise<void>, signal: AbortSignal): Promise<TdsAnswer> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return Promise.race([lock, aborted]).then(() => ({ error: { number: 1222, message: 'Lock request time out.' } }));
}

function overReal(server: RealSqlServer, database: Database): Omit<SqlServer, 'tracksChanges'> {
  const { settings, pool } = server;
  return {
    address: `http://${settings.server}:${settings.port}`,
    source: server.source,
    async change(sql) {
      database.run(sql);
      await pool.request().batch(sql);
    },
    async lock(table) {
      const transaction = new Transaction(pool);
      await transaction.begin();
      // Even readers of row versions wait while columns of a table are changed.
      await transaction.request().batch(`alter table dbo.[${table}] add Locked int null`);
      return () => transaction.rollback();
    },
    close: server.close,
  };
}
