import type { Database } from 'bun:sqlite';
import type { ConnectionPool } from 'mssql';
import { sqlTables } from '../../src/company/tables.ts';
import { parseAdoConnectionString } from '../../src/core/feeds/sql-server/connection-string.ts';
import { createPool, withPool } from '../../src/core/feeds/sql-server/pool.ts';
import { SQL_SERVER_DEFAULTS, type SqlServerSettings } from '../../src/core/feeds/sql-server/settings.ts';
import { createSqlServerFeedSource, type SqlServerFeedSource } from '../../src/core/feeds/sql-server/source.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { copyTables, createTables, emptyTables } from '../../src/demo/load/sql-server.ts';
import { freeName } from './free-name.ts';
import { EVERY_COLUMN, type FeedSourceOptions } from './sql-server-endpoint.ts';
import { columnsIn } from './sqlite-columns.ts';

/** A database of the tests on a real server. */
export interface RealSqlServer {
  readonly settings: SqlServerSettings;
  /** Of a connection that may write. */
  readonly pool: ConnectionPool;
  /** Replaces the company. The tables then have exactly its columns. */
  load(database: Database): Promise<void>;
  /** Runs `db/change-tracking.sql` on the current tables. @returns whether the server supports all of it */
  trackChanges(): Promise<boolean>;
  /** Whether its databases allow SNAPSHOT. */
  allowsSnapshot(): Promise<boolean>;
  source(options?: FeedSourceOptions): SqlServerFeedSource;
  /** Drops the database. */
  close(): Promise<void>;
}

const TRACKING_SCRIPT = new URL('../../db/change-tracking.sql', import.meta.url);
const DROP_ATTEMPTS = 10;
const DROP_PAUSE_MS = 1_000;
const TABLES = sqlTables.map(({ name }) => name);

/** The server that `TEST_MSSQL_URL` names, as an ADO.NET connection string; null without one. */
export function realServerSettings(): SqlServerSettings | null {
  const text = process.env.TEST_MSSQL_URL ?? '';
  if (text === '') return null;
  const { server, port, instanceName, database, userName, password, ...rest } = parseAdoConnectionString(text);
  return {
    ...SQL_SERVER_DEFAULTS,
    ...{ server, port: port ?? SQL_SERVER_DEFAULTS.port, instanceName, database: database ?? 'master' },
    ...{ userName: userName ?? 'sa', password: password ?? '' },
    encryption: rest.encryption ?? true,
    trustServerCertificate: rest.trustServerCertificate ?? false,
    connectTimeoutMs: rest.connectTimeoutMs ?? SQL_SERVER_DEFAULTS.connectTimeoutMs,
  };
}

/** Why real servers cannot be tested; null if they can. */
export const sqlServerMissing: string | null = realServerSettings() === null ? 'it is not set' : null;

/** The environment variables for a server. */
export function environmentOf(settings: SqlServerSettings): Record<string, string> {
  const { server, instanceName, port } = settings;
  return {
    ...(instanceName === null
      ? { DB_SERVER: server, DB_PORT: String(port) }
      : { DB_SERVER: `${server}\\${instanceName}` }),
    ...{ DB_NAME: settings.database, DB_USER: settings.userName, DB_PASSWORD: settings.password },
    DB_ENCRYPT: String(settings.encryption),
    DB_TRUST_SERVER_CERTIFICATE: String(settings.trustServerCertificate),
  };
}

/** A source on a real server that reads every table. */
function realSourceAt(
  settings: SqlServerSettings,
  { settings: overrides = {}, clock = systemClock, tables = EVERY_COLUMN }: FeedSourceOptions = {},
): SqlServerFeedSource {
  return createSqlServerFeedSource({ tables, clock, random: Math.random, settings: { ...settings, ...overrides } });
}

/** Runs work with the name of a missing database, and drops it if it was created. */
export async function withoutDatabase(
  server: SqlServerSettings,
  work: (settings: SqlServerSettings) => Promise<void>,
): Promise<void> {
  const database = freeName();
  try {
    await work({ ...server, database });
  } finally {
    await withPool(server, (master) => dropDatabase(master, database));
  }
}

/** Creates a database with a unique name. */
export async function openRealServer(server: SqlServerSettings): Promise<RealSqlServer> {
  const name = freeName();
  await withPool(server, (pool) => pool.request().batch(`create database [${name}]`));
  const settings = { ...server, database: name };
  const lazy = createPool(settings);
  const pool = await lazy.connected();
  let columns = '';
  return {
    settings,
    pool,
    async load(database) {
      const wanted = columnsOf(database);
      if (wanted === columns) await emptyTables(pool, TABLES);
      else await makeTables(pool, database);
      columns = wanted;
      await copyTables(database, pool);
    },
    async trackChanges() {
      const script = await Bun.file(TRACKING_SCRIPT).text();
      try {
        for (const batch of script.split(/^go$/m)) await pool.request().batch(batch);
        return true;
      } catch {
        return false;
      }
    },
    async allowsSnapshot() {
      const allowed = 'select snapshot_isolation_state as state from sys.databases where name = db_name()';
      const { recordset } = await pool.request().query<{ state: number }>(allowed);
      return recordset[0]?.state === 1;
    },
    source: (options) => realSourceAt(settings, options),
    async close() {
      await lazy.close();
      await withPool(server, (master) => dropDatabase(master, name));
    },
  };
}

/** A cut connection may still exist for a moment. */
async function dropDatabase(master: ConnectionPool, name: string): Promise<void> {
  await master
    .request()
    .batch(`alter database [${name}] set single_user with rollback immediate`)
    .catch(() => {});
  for (let attempt = 1; ; attempt++) {
    try {
      await master.request().batch(`drop database [${name}]`);
      return;
    } catch (error) {
      if (attempt === DROP_ATTEMPTS) throw error;
      await Bun.sleep(DROP_PAUSE_MS);
    }
  }
}

async function makeTables(pool: ConnectionPool, database: Database): Promise<void> {
  for (const table of TABLES)
    await pool.request().batch(`if object_id(N'dbo.${table}', N'U') is not null drop table dbo.[${table}]`);
  await createTables(pool);
  const present = new Set(columnsOf(database).split('\n'));
  for (const { name, columns } of sqlTables) {
    for (const column of Object.keys(columns)) {
      if (present.has(`${name}.${column}`)) continue;
      await pool.request().batch(`alter table dbo.[${name}] drop column [${column}]`);
    }
  }
}

function columnsOf(database: Database): string {
  return columnsIn(database)
    .map((path) => path.join('.'))
    .sort()
    .join('\n');
}
