import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import type { SqlServerConfig } from './config-databases.ts';
import type { Clock } from './core/runtime/clock.ts';
import type { Feature } from './core/runtime/define-feature.ts';
import type { ChangeDetection } from './core/sources/changes/change-detection.ts';
import type { ResumeTokens } from './core/sources/changes/resume-tokens.ts';
import type { MongoSettings } from './core/sources/mongo/driver/settings.ts';
import type { DocumentSource } from './core/sources/mongo/source.ts';
import type { Sources } from './core/sources/sources.ts';
import type { SqlSource } from './core/sources/sql/source.ts';
import type { SqlServerSettings } from './core/sources/sql/sqlserver/settings.ts';
import { unconfiguredSource } from './core/sources/unconfigured.ts';
import { openDemoSources } from './demo/open.ts';

export interface OpenSourcesOptions {
  readonly config: Config;
  /** Tables and collections whose changes matter, by the source that they are in. */
  readonly watches: { readonly [Source in keyof Sources]: readonly string[] };
  readonly clock: Clock;
  readonly random: () => number;
  readonly resumeTokens: () => Promise<ResumeTokens>;
  /** Told what takes a while. */
  readonly onProgress: (text: string) => void;
  /** Told how a source notices changes, when that is found out and when it changes. */
  readonly onDetection: (source: keyof Sources, detection: ChangeDetection) => void;
  /** Told of a change of the demo company that failed, and of what nobody foresaw at a source. */
  readonly onError: (error: unknown) => void;
}

export interface OpenSources {
  readonly sources: Sources;
  /** What a person sees in the banner. */
  readonly description: string;
  /** Whether what was noticed before the last stop is of the same data: demo data in memory are made anew. */
  readonly outliveRestarts: boolean;
  /** Begins what moves by itself: the demo company, where there is one. */
  start(): void;
  stop(): void;
}

/** A database cannot be read as it is configured. */
class OpenSourcesError extends Error {
  override readonly name = 'OpenSourcesError';
}

/**
 * The configured databases, or the embedded demo where there are none. One of two that is not configured is no reason to
 * show demo figures beside real ones.
 *
 * A database that is away is no error: its features wait for it.
 *
 * @throws OpenSourcesError, DemoFolderError, SourceError when what is configured can never be read
 */
export async function openSources(options: OpenSourcesOptions): Promise<OpenSources> {
  const { sqlServer, mongo } = options.config.databases;
  if (sqlServer === null && mongo === null) return openDemo(options);
  const [sql, documents] = await Promise.all([
    sqlServer === null ? unconfiguredSource('set DB_SERVER') : openSqlServer(sqlServer, options),
    mongo === null ? unconfiguredSource('set MONGO_CONNECTION_STRING') : openMongo(mongo, options),
  ]);
  return {
    sources: { sql, documents },
    description: `${sql.description}; ${documents.description}`,
    outliveRestarts: true,
    start: () => {},
    stop: () => {},
  };
}

async function openDemo({ config, clock, onProgress, onError }: OpenSourcesOptions): Promise<OpenSources> {
  const keptIn = config.stateDirectory;
  const { sources, company, description } = await openDemoSources({
    ...config.demo,
    ...{ keptIn, clock, onProgress, onError },
  });
  const outliveRestarts = config.demo.directory !== null;
  return { sources, description, outliveRestarts, start: company.start, stop: company.stop };
}

/** Every table and collection that a feature watches, by the source that it is in. */
export function watchedOf(all: readonly Feature[]): OpenSourcesOptions['watches'] {
  const of = (source: keyof Sources) => [
    ...new Set(all.flatMap((feature) => (feature.source === source ? feature.watches : []))),
  ];
  return { sql: of('sql'), documents: of('documents') };
}

/**
 * With the certificate authority read from its file.
 *
 * @throws OpenSourcesError
 */
export function settingsOf({ certificateFile, ...rest }: SqlServerConfig): SqlServerSettings {
  return { ...rest, certificateAuthority: certificateFile === null ? null : readCertificate(certificateFile) };
}

/** The driver is loaded only where it is needed: it is a good part of a start. */
async function openSqlServer(
  sqlServer: SqlServerConfig,
  { watches, clock, random, onDetection }: OpenSourcesOptions,
): Promise<SqlSource> {
  const { createSqlServerSource } = await import('./core/sources/sql/sqlserver/source.ts');
  return createSqlServerSource({
    settings: settingsOf(sqlServer),
    tables: watches.sql,
    clock,
    random,
    onDetection: (detection) => onDetection('sql', detection),
  });
}

/** @throws OpenSourcesError */
function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OpenSourcesError(`DB_CA_FILE=${path} cannot be read`, { cause: error });
  }
}

async function openMongo(
  settings: MongoSettings,
  { watches, clock, random, resumeTokens, onDetection }: OpenSourcesOptions,
): Promise<DocumentSource> {
  const { createMongoSource } = await import('./core/sources/mongo/driver/source.ts');
  return createMongoSource({
    settings,
    watched: watches.documents,
    resumeTokens: await resumeTokens(),
    clock,
    random,
    onDetection: (detection) => onDetection('documents', detection),
  });
}
