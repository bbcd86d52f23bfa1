import type { SourceName, Table } from './company/table.ts';
import { tables } from './company/tables.ts';
import type { Config } from './config/config.ts';
import { createFeed, type Feed } from './core/feeds/feed.ts';
import type { FeedSource } from './core/feeds/feed-source.ts';
import type { SqlServerSettings } from './core/feeds/sql-server/settings.ts';
import { unconfiguredFeed } from './core/feeds/unconfigured-feed.ts';
import { type MirroredTable, mirroredTables } from './core/mirror/catalog.ts';
import type { Mirror } from './core/mirror/mirror.ts';
import type { Clock } from './core/runtime/clock.ts';
import type { Feature } from './core/runtime/define-feature.ts';
import type { Feeds } from './core/runtime/supervisor.ts';
import { StartError } from './start-errors.ts';

export interface OpenSourcesOptions {
  readonly config: Config;
  readonly features: readonly Feature[];
  /** State folder, if not the configured one; null if nothing can be stored. */
  readonly stateDirectory?: string | null;
  readonly clock: Clock;
  readonly random: () => number;
  /** Receives progress messages for people. */
  readonly onProgress: (text: string) => void;
  /** Called when a change of the demo company fails. */
  readonly onError: (error: unknown) => void;
}

/** The opened sources; null for one that is not configured. */
export interface OpenSources {
  readonly sources: { readonly [Source in SourceName]: FeedSource | null };
  /** For the banner. */
  readonly description: string;
  /** Whether the data survive a restart: demo data in memory do not. */
  readonly outlivesRestarts: boolean;
  /** Starts the demo company, if there is one. */
  start(): void;
  stop(): void;
}

/** What to set for each source. */
const ADVICE: { readonly [Source in SourceName]: string } = {
  sql: 'set DB_SERVER',
  documents: 'set MONGO_CONNECTION_STRING',
};

/** The tables of a source that features read. */
export function mirroredIn(source: SourceName, features: readonly Feature[]): MirroredTable[] {
  return mirroredTables(source, Object.values<Table>(tables), features);
}

/**
 * Opens the configured databases, or the embedded demo if there are none. With one of the two configured, the other stays
 * empty: demo figures never appear beside real ones. An unreachable database is not an error: its features wait for it.
 *
 * @throws StartError, SourceError if the configuration can never work
 */
export async function openSources(options: OpenSourcesOptions): Promise<OpenSources> {
  const { sqlServer, mongo } = options.config.databases;
  if (sqlServer === null && mongo === null) return openDemoSources(options);
  const { features, clock, random } = options;
  const shared = { clock, random };
  const [sql, documents] = await Promise.all([
    sqlServer === null ? null : openSqlServer(sqlServer, { ...shared, tables: mirroredIn('sql', features) }),
    mongo === null ? null : openMongo(mongo, { ...shared, tables: mirroredIn('documents', features) }),
  ]);
  const describe = (source: SourceName, opened: FeedSource | null) =>
    opened?.description ?? `not configured: ${ADVICE[source]}`;
  return {
    sources: { sql, documents },
    description: `${describe('sql', sql)}; ${describe('documents', documents)}`,
    outlivesRestarts: true,
    start: () => {},
    stop: () => {},
  };
}

/** Creates a feed per source. The feed of an unconfigured source only reports what to set. */
export function createFeeds({ sources }: OpenSources, mirror: Mirror, options: OpenSourcesOptions): Feeds {
  const { config, features, clock, random, onError } = options;
  const timings = { reconcileEveryMs: config.mirror.reconcileIntervalMs };
  const feedOf = (name: SourceName): Feed => {
    const source = sources[name];
    if (source === null) return unconfiguredFeed(name, ADVICE[name]);
    return createFeed({
      source,
      mirror: mirror.writer(name, mirroredIn(name, features)),
      timings,
      clock,
      random,
      onError,
    });
  };
  return { sql: feedOf('sql'), documents: feedOf('documents') };
}

/** Loads the demo's code only when needed. */
async function openDemoSources({
  config,
  features,
  stateDirectory = config.stateDirectory,
  clock,
  onProgress,
  onError,
}: OpenSourcesOptions): Promise<OpenSources> {
  const [{ openDemo }, { DemoFolderError }] = await Promise.all([import('./demo/open.ts'), import('./demo/folder.ts')]);
  const { sources, company, ...rest } = await openDemo({
    ...config.demo,
    cacheDirectory: stateDirectory,
    tables: { sql: mirroredIn('sql', features), documents: mirroredIn('documents', features) },
    clock,
    onProgress,
    onError,
  }).catch((error: unknown) => {
    throw error instanceof DemoFolderError ? new StartError(error.message, { cause: error }) : error;
  });
  return { ...rest, sources, start: company.start, stop: company.stop };
}

interface SourceOptions {
  readonly tables: readonly MirroredTable[];
  readonly clock: Clock;
  readonly random: () => number;
}

/** Loads the driver only when needed: it takes a good part of the start time. */
async function openSqlServer(settings: SqlServerSettings, options: SourceOptions): Promise<FeedSource> {
  const { createSqlServerFeedSource } = await import('./core/feeds/sql-server/source.ts');
  return createSqlServerFeedSource({ settings, ...options });
}

async function openMongo(
  settings: NonNullable<Config['databases']['mongo']>,
  options: SourceOptions,
): Promise<FeedSource> {
  const { createMongoFeedSource } = await import('./core/feeds/mongo/source.ts');
  return createMongoFeedSource({ settings, ...options });
}
