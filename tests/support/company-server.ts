import type { Database } from 'bun:sqlite';
import type { Route } from '../../src/core/http/route.ts';
import { routesOf } from '../../src/core/http/serve.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { RunningFeature } from '../../src/core/runtime/supervisor.ts';
import { SourceError } from '../../src/core/sources/source-errors.ts';
import type { Sources } from '../../src/core/sources/sources.ts';
import { features } from '../../src/features/index.ts';
import { companyDocuments, insertCompany } from './company-rows.ts';
import { documentSourceOf } from './document-source.ts';
import { emptyDatabase, sqliteSourceOf } from './sqlite-source.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

/** The sources of a small company, and ways to look into them, to change and to break them. */
export interface CompanySources {
  readonly sources: Sources;
  readonly database: Database;
  /** Reads of the SQL source that have begun. */
  readonly reads: number;
  /** The most reads of the SQL source that were under way at once. */
  readonly mostReadsAtOnce: number;
  /** Every read from now on fails with these words; null mends it. */
  failWith(message: string | null): void;
  /** Every read of the SQL source from now on waits until the returned function is called. */
  hold(): () => void;
}

/** @param without columns that the database lacks, as `Table.Column` */
export async function companySources(without: ReadonlySet<string> = new Set()): Promise<CompanySources> {
  const now = Date.now();
  const database = emptyDatabase(without);
  insertCompany(database, now);
  const [sql, documents] = await Promise.all([sqliteSourceOf(database), documentSourceOf(companyDocuments(now))]);
  let failure: string | null = null;
  let gate = Promise.resolve();
  let reads = 0;
  let underWay = 0;
  let most = 0;
  const refuseIfBroken = () => {
    if (failure !== null) throw new SourceError(failure);
  };
  return {
    database,
    get reads() {
      return reads;
    },
    get mostReadsAtOnce() {
      return most;
    },
    sources: {
      sql: {
        ...sql,
        async read(work, signal) {
          reads++;
          underWay++;
          most = Math.max(most, underWay);
          try {
            await gate;
            refuseIfBroken();
            return await sql.read(work, signal);
          } finally {
            underWay--;
          }
        },
      },
      documents: {
        ...documents,
        async read(work, signal) {
          refuseIfBroken();
          return documents.read(work, signal);
        },
      },
    },
    failWith(message) {
      failure = message;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
}

export interface CompanyServerOptions extends Omit<TestServerOptions, 'features' | 'sources'> {
  readonly features?: readonly Feature[];
}

/** The server over a company, with every feature there is unless told otherwise, and each with its first snapshot. */
export async function startCompanyServer(
  { sources }: CompanySources,
  { timings, ...options }: CompanyServerOptions = {},
): Promise<TestServer> {
  const server = startTestServer({ features, sources, ...options, timings: { manualIntervalMs: 0, ...timings } });
  await Promise.all(server.supervisor.running.map(({ actor }) => actor.latest() ?? actor.refresh()));
  return server;
}

/** The running feature of a name. */
export function runningFeature({ supervisor }: TestServer, name: string): RunningFeature {
  const found = supervisor.running.find(({ feature }) => feature.name === name);
  if (found === undefined) throw new Error(`No feature ${name} is running`);
  return found;
}

/** The routes of a server as it was told them, with their schemas; not to be handled, since they share nothing with it. */
export function routesOfServer(
  { supervisor: { running }, hubs, journal }: TestServer,
  { sources }: CompanySources,
): Route[] {
  return routesOf({ running, hubs, journal, sources, clock: systemClock });
}
