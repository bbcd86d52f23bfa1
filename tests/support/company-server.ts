import { Database } from 'bun:sqlite';
import { filter, firstValueFrom, merge } from 'rxjs';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { Document } from '../../src/core/feeds/folder/document.ts';
import type { Route } from '../../src/core/http/route.ts';
import { routesOf } from '../../src/core/http/serve.ts';
import type { Actor } from '../../src/core/runtime/actor.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import { SourceError } from '../../src/core/runtime/source-errors.ts';
import type { RunningFeature } from '../../src/core/runtime/supervisor.ts';
import { createEncoder } from '../../src/features/exports/encoder.ts';
import { createExporter } from '../../src/features/exports/export-file.ts';
import { exportRoutes } from '../../src/features/exports/routes.ts';
import { features } from '../../src/features/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { emptyDatabase } from './company-database.ts';
import { companyDocuments, insertCompany } from './company-rows.ts';
import { folderSqlSource, memoryDocumentSource } from './folder-sources.ts';
import { localSources, type TestSources } from './local-sources.ts';
import { DESCRIPTION, startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';
import { withDigits } from './with-digits.ts';

/** The sources of a small company, with ways to inspect, change and break them. */
export interface CompanySources {
  readonly sources: TestSources;
  readonly database: Database;
  /** Number of queries to the mirror. */
  readonly questions: number;
  /** Maximum number of concurrent queries. */
  readonly mostQuestionsAtOnce: number;
  /** From now on, requests to both sources fail with this message; null repairs them. */
  failWith(message: string | null): void;
  /** From now on, queries to the mirror fail with this message; null repairs it. */
  failMirrorWith(message: string | null): void;
  /** From now on, queries to the mirror wait until the returned function is called. */
  hold(): () => void;
  /** A copy of the current company, with its own feeds and mirror, for another server. */
  reopen(): CompanySources;
}

export interface CompanySourcesOptions {
  /** Columns that the database lacks, as `Table.Column`. */
  readonly without?: ReadonlySet<string>;
  /** The features to serve; all by default. */
  readonly features?: readonly Feature[];
}

export async function companySources(options: CompanySourcesOptions = {}): Promise<CompanySources> {
  const { without = new Set(), features: served = features } = options;
  const now = Date.now();
  const database = emptyDatabase(without);
  insertCompany(database, now);
  const documents = Object.entries(companyDocuments(now)).map(([name, all]) => [name, all.map(withDigits)] as const);
  return openCompany(database, Object.fromEntries(documents), served);
}

function openCompany(
  database: Database,
  documents: Readonly<Record<string, readonly Document[]>>,
  served: readonly Feature[],
): CompanySources {
  let failure: string | null = null;
  let gate = Promise.resolve();
  let mirrorFailure: string | null = null;
  let questions = 0;
  let underWay = 0;
  let most = 0;
  const breakable = (source: FeedSource): FeedSource => ({
    ...source,
    async open(signal) {
      if (failure !== null) throw new SourceError(failure);
      const session = await source.open(signal);
      return {
        ...session,
        async poll(position, sink, stop, mustCatchUp) {
          if (failure !== null) throw new SourceError(failure);
          return session.poll(position, sink, stop, mustCatchUp);
        },
      };
    },
  });
  const local = localSources(
    {
      sql: breakable(folderSqlSource(database, mirroredBy(served, 'sql')).source),
      documents: breakable(memoryDocumentSource(documents, mirroredBy(served, 'documents')).source),
    },
    { features: served },
  );
  const counted = async (read: () => Promise<string>): Promise<string> => {
    questions++;
    underWay++;
    most = Math.max(most, underWay);
    try {
      await gate;
      if (mirrorFailure !== null) throw new SourceError(mirrorFailure);
      return await read();
    } finally {
      underWay--;
    }
  };
  return {
    database,
    get questions() {
      return questions;
    },
    get mostQuestionsAtOnce() {
      return most;
    },
    sources: {
      feeds: local.feeds,
      mirror: {
        ...local.mirror,
        figures: (...args) => gate.then(() => local.mirror.figures(...args)),
        answer: (...args) => counted(() => local.mirror.answer(...args)),
      },
    },
    failWith(message) {
      failure = message;
    },
    failMirrorWith(message) {
      mirrorFailure = message;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    reopen: () => openCompany(Database.deserialize(database.serialize()), documents, served),
  };
}

/** Waits for the first snapshot of a feature, unless the feature fails. */
export async function firstSnapshot({ latest, publications, statusChanges }: Actor): Promise<void> {
  if (latest() !== undefined) return;
  await firstValueFrom(merge(publications, statusChanges.pipe(filter(({ failing }) => failing !== null))));
}

export interface CompanyServerOptions extends Omit<TestServerOptions, 'features' | 'sources'> {
  /** The features that the sources were made for. */
  readonly features?: readonly Feature[];
}

/** A server over a company, with all features by default, each with its first snapshot. */
export async function startCompanyServer(
  { sources }: CompanySources,
  { timings, ...options }: CompanyServerOptions = {},
): Promise<TestServer> {
  const server = startTestServer({ features, sources, ...options, timings: { manualIntervalMs: 0, ...timings } });
  await Promise.all(server.supervisor.running.map(({ actor }) => firstSnapshot(actor)));
  return server;
}

/** The running feature with a name. */
export function runningFeature({ supervisor }: TestServer, name: string): RunningFeature {
  const found = supervisor.running.find(({ feature }) => feature.name === name);
  if (found === undefined) throw new Error(`No feature ${name} is running`);
  return found;
}

/** The declared routes of a server with their schemas. They cannot be called: they share no state with a server. */
export function routesOfServer(
  { supervisor: { running }, hubs, journal, outlets, history }: TestServer,
  { sources }: CompanySources,
): Route[] {
  const encoder = createEncoder({ clock: systemClock, onLost: () => {} });
  const exporter = createExporter({ dialect: 'rfc4180', timeZone: DESCRIPTION.timeZone }, encoder);
  const outletRoutes = exportRoutes(running, exporter);
  return routesOf({
    ...{ running, hubs, journal, outlets, history, outletRoutes },
    ...sources,
    about: DESCRIPTION,
    clock: systemClock,
  });
}
