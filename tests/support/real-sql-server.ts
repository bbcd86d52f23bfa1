import type { Database } from 'bun:sqlite';
import type { ConnectionPool } from 'mssql';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { SqlSource } from '../../src/core/sources/sql/source.ts';
import { sqliteSchema } from '../../src/core/sources/sql/sqlite/schema.ts';
import { parseAdoConnectionString } from '../../src/core/sources/sql/sqlserver/connection-string.ts';
import { createPool, withPool } from '../../src/core/sources/sql/sqlserver/pool.ts';
import { SQL_SERVER_DEFAULTS, type SqlServerSettings } from '../../src/core/sources/sql/sqlserver/settings.ts';
import { createSqlServerSource } from '../../src/core/sources/sql/sqlserver/source.ts';
import { copyTables, createTables, emptyTables } from '../../src/demo/load/sql-server.ts';
import { columnsIn } from './sqlite-columns.ts';

/** A database of the tests' own on a real server. */
export interface RealSqlServer {
  readonly settings: SqlServerSettings;
  /** Of a connection that may write. */
  readonly pool: ConnectionPool;
  /** Puts a company in the place of the one before; columns that it lacks are gone, others are back. */
  load(database: Database): Promise<void>;
  source(): SqlSource;
  /** Drops the database. */
  close(): Promise<void>;
}

const TABLES = Object.keys(sqliteSchema);

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

/** Makes a database of a name that nobody else has. */
export async function openRealServer(server: SqlServerSettings): Promise<RealSqlServer> {
  const name = `greg_bi_test_${process.pid}_${Date.now()}`;
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
    source: () =>
      createSqlServerSource({
        ...{ settings, tables: TABLES, clock: systemClock, random: Math.random },
        onDetection: () => {},
      }),
    async close() {
      await lazy.close();
      await withPool(server, (master) => master.request().batch(`drop database [${name}]`));
    },
  };
}

async function makeTables(pool: ConnectionPool, database: Database): Promise<void> {
  for (const table of TABLES)
    await pool.request().batch(`if object_id(N'dbo.${table}', N'U') is not null drop table dbo.[${table}]`);
  await createTables(pool);
  const present = new Set(columnsOf(database).split('\n'));
  for (const [table, definitions] of Object.entries(sqliteSchema)) {
    for (const column of definitions.map((definition) => definition.split(' ', 1)[0])) {
      if (present.has(`${table}.${column}`)) continue;
      await pool.request().batch(`alter table dbo.[${table}] drop column [${column}]`);
    }
  }
}

function columnsOf(database: Database): string {
  return columnsIn(database)
    .map((path) => path.join('.'))
    .sort()
    .join('\n');
}
