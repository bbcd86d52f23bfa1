import { Subject } from 'rxjs';
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { systemClock } from '../core/runtime/clock.ts';
import type { ChangeDetection } from '../core/sources/changes/change-detection.ts';
import type { Sources } from '../core/sources/sources.ts';
import { noResumeTokens } from '../core/store/resume-tokens.ts';
import { features } from '../features/index.ts';
import { openSources, settingsOf, watchedOf } from '../open-sources.ts';
import { lookAtDetection, lookAtFeature } from './doctor/features.ts';
import { broken, describeFindings, type Finding, notConfigured } from './doctor/finding.ts';
import { lookAtMongo } from './doctor/mongo.ts';
import { lookAtServer } from './doctor/server.ts';
import { lookAtNotion, lookAtRedis, lookAtRows } from './doctor/services.ts';
import { lookAtSqlServer } from './doctor/sql-server.ts';

/**
 * Looks at everything that is configured, from outside the running server, and says of each what is wrong and what would
 * help:
 *
 *     bun run doctor           a table
 *     bun run doctor --json    the same as JSON
 *
 * Exits with 1 if something is broken. Nothing is written anywhere, and no secret is shown.
 */
async function main(): Promise<void> {
  const findings = await examine();
  const asJson = Bun.argv.includes('--json');
  process.stdout.write(asJson ? `${JSON.stringify(findings, null, 2)}\n` : describeFindings(findings));
  process.exit(findings.some(({ verdict }) => verdict === 'broken') ? 1 : 0);
}

async function examine(): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadConfig(features.map(({ name }) => name));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => broken('configuration', problem, 'see the README, "Configure"'));
  }
  const { rows, notion, redisUrl } = config.services;
  const found = await Promise.all([
    lookAtServer(config),
    lookAtDatabases(config),
    lookAtRedis(redisUrl),
    lookAtRows(rows),
    lookAtNotion(notion),
  ]);
  return found.flat();
}

async function lookAtDatabases(config: Config): Promise<Finding[]> {
  const { sqlServer, mongo } = config.databases;
  const [sql, documents] = await Promise.all([
    sqlServer === null
      ? [notConfigured('SQL Server', 'set DB_SERVER, DB_NAME, DB_USER and DB_PASSWORD')]
      : lookAtSqlServer(settingsOf(sqlServer)),
    mongo === null ? [notConfigured('MongoDB', 'set MONGO_CONNECTION_STRING')] : lookAtMongo(mongo),
  ]);
  // What cannot be reached has nothing more to tell.
  const readable = [
    ...(isReached(sql) ? ['sql' as const] : []),
    ...(isReached(documents) ? ['documents' as const] : []),
  ];
  if (readable.length === 0) return [...sql, ...documents];
  const detected = { sql: new Subject<ChangeDetection>(), documents: new Subject<ChangeDetection>() };
  const { sources } = await openSources({
    config,
    watches: watchedOf(features),
    clock: systemClock,
    random: Math.random,
    resumeTokens: async () => noResumeTokens,
    onProgress: () => {},
    onDetection: (source, detection) => detected[source].next(detection),
    onError: () => {},
  });
  const rest = await lookThrough(readable, sources, detected, config.timings.deadlineMs);
  await Promise.all([sources.sql.close(), sources.documents.close()]);
  return [...sql, ...documents, ...rest];
}

function isReached(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict === 'ok' || verdict === 'warning');
}

function lookThrough(
  readable: readonly (keyof Sources)[],
  sources: Sources,
  detected: { readonly [Source in keyof Sources]: Subject<ChangeDetection> },
  withinMs: number,
): Promise<Finding[]> {
  return Promise.all([
    ...readable.map((source) => lookAtDetection(source, sources, detected[source], withinMs)),
    ...features
      .filter(({ source }) => readable.includes(source))
      .map((feature) => lookAtFeature(feature, sources, withinMs)),
  ]);
}

await main();
