import { afterAll, beforeAll, describe } from 'bun:test';
import type { Sources } from '../../src/core/sources/sources.ts';
import { storedForm } from '../../src/demo/load/mongo.ts';
import { documentSourceOf } from '../support/document-source.ts';
import { startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { type Collections, mongoMissing, openRealMongo, realMongoUrl } from '../support/mongo-servers.ts';
import { mongoSourceAt } from '../support/mongo-source.ts';
import {
  openRealServer,
  type RealSqlServer,
  realServerSettings,
  sqlServerMissing,
} from '../support/real-sql-server.ts';
import { serveOverTds } from '../support/sql-server.ts';
import { sqliteSourceOf } from '../support/sqlite-source.ts';
import { unless } from '../support/unless.ts';
import { noDocuments, noTables, type Serve, type Trial } from './agreement.ts';
import { databaseOf, documentsOf } from './load.ts';

/** Random companies a property, on each engine; `ORACLE_RUNS` sets another number for all of them. */
const RUNS = { sqlite: 300, tds: 40, wire: 40, server: 20 };

/** Making a real database and its tables takes its time. */
const SERVER_WITHIN_MS = 120_000;

/** Of the test around a property, which ends by itself before. */
export const timeout = (trial: Trial): number => trial.withinMs + 15_000;

/** Repeats tests on everything that answers SQL. */
export function onEverySqlEngine(define: (trial: Trial) => void): void {
  describe('on SQLite', () => define(trialOf(sqliteSources, RUNS.sqlite, 50)));
  describe('over TDS', () => define(trialOf(tdsSources, RUNS.tds, 500)));
  const settings = realServerSettings();
  const title = 'on the SQL Server of TEST_MSSQL_URL';
  if (settings === null) {
    describe.skip(unless(sqlServerMissing, title), () => define(trialOf(sqliteSources, 0, 0)));
    return;
  }
  describe(title, () => {
    let server: RealSqlServer | undefined;
    beforeAll(async () => {
      server = await openRealServer(settings);
    }, SERVER_WITHIN_MS);
    afterAll(() => server?.close(), SERVER_WITHIN_MS);
    const serve: Serve = async (company) => {
      if (server === undefined) throw new Error('The server was not reached');
      await server.load(databaseOf(company));
      return { sql: server.source(), documents: noDocuments };
    };
    define(trialOf(serve, RUNS.server, 5_000));
  });
}

/** SQLite in the test's own thread. */
async function sqliteSources(company: Parameters<Serve>[0]): Promise<Sources> {
  return { sql: await sqliteSourceOf(databaseOf(company)), documents: noDocuments };
}

/** The real driver over a real connection. */
async function tdsSources(company: Parameters<Serve>[0]): Promise<Sources> {
  const server = await serveOverTds(databaseOf(company));
  const source = server.source();
  const close = async () => {
    await source.close();
    await server.close();
  };
  return { sql: { ...source, close }, documents: noDocuments };
}

/** Repeats tests on everything that answers aggregation pipelines. */
export function onEveryDocumentEngine(define: (trial: Trial) => void): void {
  describe('in the embedded engine', () => define(trialOf(embeddedSources, RUNS.sqlite, 50)));
  describe("over MongoDB's wire protocol", () => define(trialOf(wireSources, RUNS.wire, 500)));
  const url = realMongoUrl();
  const title = 'on the MongoDB of TEST_MONGO_URL';
  if (url === null) describe.skip(unless(mongoMissing, title), () => define(trialOf(embeddedSources, 0, 0)));
  else describe(title, () => define(trialOf((company) => realMongoSources(url, company), RUNS.server, 5_000)));
}

/** Documents in the test's own thread. */
async function embeddedSources(company: Parameters<Serve>[0]): Promise<Sources> {
  return { sql: noTables, documents: await documentSourceOf(documentsOf(company)) };
}

/** The real driver over a real connection. */
async function wireSources(company: Parameters<Serve>[0]): Promise<Sources> {
  const endpoint = await startMongoEndpoint({ collections: storedDocumentsOf(company) });
  const source = mongoSourceAt(endpoint.url);
  const close = async () => {
    await source.close();
    await endpoint.close();
  };
  return { sql: noTables, documents: { ...source, close } };
}

/** A database of its own on a real server, dropped afterwards. */
async function realMongoSources(url: string, company: Parameters<Serve>[0]): Promise<Sources> {
  const server = await openRealMongo(url, storedDocumentsOf(company));
  const source = mongoSourceAt(server.url(), { database: server.database });
  const close = async () => {
    await source.close();
    await server.close();
  };
  return { sql: noTables, documents: { ...source, close } };
}

/** As the back end writes them: the oracle has the digits of an ObjectId alone. */
function storedDocumentsOf(company: Parameters<Serve>[0]): Collections {
  const collections = Object.entries(documentsOf(company));
  return Object.fromEntries(collections.map(([name, documents]) => [name, documents.map(storedForm)]));
}

function trialOf(serve: Serve, usualRuns: number, perRunMs: number): Trial {
  const runs = Number(process.env.ORACLE_RUNS ?? usualRuns);
  return { serve, runs, withinMs: 15_000 + runs * perRunMs };
}
