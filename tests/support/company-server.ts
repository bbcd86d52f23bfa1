import type { Database } from 'bun:sqlite';
import { firstValueFrom } from 'rxjs';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { RunningFeature } from '../../src/core/runtime/supervisor.ts';
import { SourceError } from '../../src/core/sources/source-errors.ts';
import type { Sources } from '../../src/core/sources/sources.ts';
import { features } from '../../src/features/index.ts';
import { companyDocuments, insertCompany } from './company-rows.ts';
import { documentSourceOf } from './document-source.ts';
import { emptyDatabase, sqliteSourceOf } from './sqlite-source.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

/** The sources of a small company, and ways to change and to break them. */
export interface CompanySources {
  readonly sources: Sources;
  readonly database: Database;
  /** Every read from now on fails with these words; null mends it. */
  failWith(message: string | null): void;
}

/** @param without columns that the database lacks, as `Table.Column` */
export async function companySources(without: ReadonlySet<string> = new Set()): Promise<CompanySources> {
  const now = Date.now();
  const database = emptyDatabase(without);
  insertCompany(database, now);
  const [sql, documents] = await Promise.all([sqliteSourceOf(database), documentSourceOf(companyDocuments(now))]);
  let failure: string | null = null;
  const refuseIfBroken = async () => {
    if (failure !== null) throw new SourceError(failure);
  };
  return {
    database,
    sources: {
      sql: {
        ...sql,
        read: async (work, signal) => {
          await refuseIfBroken();
          return sql.read(work, signal);
        },
      },
      documents: {
        ...documents,
        read: async (work, signal) => {
          await refuseIfBroken();
          return documents.read(work, signal);
        },
      },
    },
    failWith: (message) => {
      failure = message;
    },
  };
}

/** The server over a small company, with every feature there is unless told otherwise, and each with its first snapshot. */
export async function startCompanyServer(
  { sources }: CompanySources,
  options: Omit<TestServerOptions, 'features' | 'sources'> & { readonly features?: readonly Feature[] } = {},
): Promise<TestServer> {
  const server = startTestServer({
    features,
    sources,
    ...options,
    timings: { manualIntervalMs: 0, ...options.timings },
  });
  await firstSnapshots(server);
  return server;
}

/** Waits until every feature has a snapshot, or has failed to get one. */
export async function firstSnapshots({ supervisor }: TestServer): Promise<void> {
  await Promise.all(
    supervisor.running.map(async ({ actor }) => {
      if (actor.latest() === undefined && actor.status().failing === null) await actor.refresh();
    }),
  );
}

/** The running feature of a name. */
export function runningFeature({ supervisor }: TestServer, name: string): RunningFeature {
  const found = supervisor.running.find(({ feature }) => feature.name === name);
  if (found === undefined) throw new Error(`No feature ${name} is running`);
  return found;
}

/** Waits until a feature begins to fail or works again. */
export function nextStatus(server: TestServer, name: string) {
  return firstValueFrom(runningFeature(server, name).actor.statusChanges);
}
