import { afterAll, beforeAll, describe } from 'bun:test';
import type { Sources } from '../../src/core/sources/sources.ts';
import { documentSourceOf } from '../support/document-source.ts';
import { openRealServer, type RealSqlServer, realServerSettings } from '../support/real-sql-server.ts';
import { serveOverTds } from '../support/sql-server.ts';
import { sqliteSourceOf } from '../support/sqlite-source.ts';
import { noDocuments, noTables, type Serve, type Trial } from './agreement.ts';
import { databaseOf, documentsOf } from './load.ts';

/** Random companies a property, on each engine; `ORACLE_RUNS` sets another number for all of them. */
const RUNS = { sqlite: 300, tds: 40, server: 20 };

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
    describe.skip(`${title} (skipped: it is not set)`, () => define(trialOf(sqliteSources, 0, 0)));
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

/** Documents in the test's own thread. */
export const embeddedDocuments: Trial = trialOf(
  async (company) => ({ sql: noTables, documents: await documentSourceOf(documentsOf(company)) }),
  RUNS.sqlite,
  50,
);

function trialOf(serve: Serve, usualRuns: number, perRunMs: number): Trial {
  const runs = Number(process.env.ORACLE_RUNS ?? usualRuns);
  return { serve, runs, withinMs: 15_000 + runs * perRunMs };
}
