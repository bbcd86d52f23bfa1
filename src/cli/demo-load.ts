import { Database } from 'bun:sqlite';
import { MongoClient, MongoError } from 'mongodb';
import mssql from 'mssql';
import { ConfigError, loadConfig } from '../config/config.ts';
import { databaseNameOf, type MongoSettings } from '../core/feeds/mongo/settings.ts';
import { sourceErrorOf } from '../core/feeds/sql-server/failures.ts';
import { withPool } from '../core/feeds/sql-server/pool.ts';
import type { SqlServerSettings } from '../core/feeds/sql-server/settings.ts';
import { quotedName } from '../core/feeds/sql-server/statements.ts';
import { SourceError } from '../core/runtime/source-errors.ts';
import { generateDocuments } from '../demo/data/documents.ts';
import type { CompanySpec } from '../demo/data/spec.ts';
import { fillDatabase } from '../demo/database.ts';
import { collectionsWithDocuments, copyCollections, emptyCollections } from '../demo/load/mongo.ts';
import { copyTables, createTables, emptyTables, tablesWithRows } from '../demo/load/sql-server.ts';
import { features } from '../features/index.ts';

/**
 * Loads the demo company into the configured SQL Server and MongoDB, in place of real data:
 *
 *     npm run demo:load               refuses a database if a table or collection that it fills is not empty
 *     npm run demo:load -- --force    empties those first
 *
 * `DEMO_SEED` and `DEMO_SCALE` work as for the embedded demo. A missing SQL Server database is created.
 */

/** Nothing was loaded, and why. */
class LoadError extends Error {
  override readonly name = 'LoadError';
}

async function main(): Promise<void> {
  const force = readArguments(Bun.argv.slice(2));
  const config = loadConfig(features.map(({ name }) => name));
  const { sqlServer, mongo } = config.databases;
  if (sqlServer === null && mongo === null) {
    throw new LoadError('No database is configured: set DB_SERVER and so on, or MONGO_CONNECTION_STRING, or both');
  }
  const spec: CompanySpec = { seed: config.demo.seed, scale: config.demo.scale, anchor: Date.now() };
  if (sqlServer !== null) await loadSqlServer(sqlServer, spec, force);
  if (mongo !== null) await loadMongo(mongo, spec, force);
  console.log('The demo company is loaded.');
}

/** @throws LoadError */
function readArguments(given: readonly string[]): boolean {
  const unknown = given.find((argument) => argument !== '--force');
  if (unknown !== undefined) throw new LoadError(`${unknown} is not an option; the only one is --force`);
  return given.includes('--force');
}

async function loadSqlServer(settings: SqlServerSettings, spec: CompanySpec, force: boolean): Promise<void> {
  await makeDatabase(settings);
  await withPool(settings, async (pool) => {
    const filled = await tablesWithRows(pool);
    if (filled.length > 0 && !force) throw notEmpty(`SQL Server database ${settings.database}`, filled);
    await emptyTables(pool, filled);
    await createTables(pool);
    const database = new Database(':memory:', { strict: true });
    fillDatabase(database, spec, console.log);
    await copyTables(database, pool, console.log);
    database.close();
  }).catch((error: unknown) => {
    throw sourceErrorOf(error, settings);
  });
}

/** If the login may not look whether the database exists, opening it reports what is wrong. */
async function makeDatabase(settings: SqlServerSettings): Promise<void> {
  await withPool({ ...settings, database: 'master' }, async (pool) => {
    const request = pool.request().input('name', mssql.NVarChar, settings.database);
    const { recordset } = await request.query<{ id: number | null }>('select db_id(@name) as id');
    if (recordset[0]?.id !== null) return;
    console.log(`making database ${settings.database}`);
    await pool.request().batch(`create database ${quotedName(settings.database)}`);
  }).catch(() => {});
}

async function loadMongo(mongo: MongoSettings, spec: CompanySpec, force: boolean): Promise<void> {
  const client = new MongoClient(mongo.connectionString, { serverSelectionTimeoutMS: mongo.connectTimeoutMs });
  try {
    const database = client.db(databaseNameOf(mongo));
    const { tickets, logs } = generateDocuments(spec);
    const collections = { support_tickets: tickets, logs };
    const filled = await collectionsWithDocuments(database, Object.keys(collections));
    if (filled.length > 0 && !force) throw notEmpty(`MongoDB database ${database.databaseName}`, filled);
    await emptyCollections(database, filled);
    await copyCollections(collections, database, console.log);
  } finally {
    await client.close();
  }
}

function notEmpty(where: string, names: readonly string[]): LoadError {
  return new LoadError(
    `${where} is not empty: ${names.join(', ')}. Choose another, or delete what these hold with --force`,
  );
}

main().catch((error: unknown) => {
  const isForPeople = [ConfigError, LoadError, SourceError, MongoError].some((kind) => error instanceof kind);
  console.error(isForPeople && error instanceof Error ? error.message : error);
  process.exit(1);
});
