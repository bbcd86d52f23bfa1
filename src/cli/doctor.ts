import { existsSync, readdirSync, statSync } from 'node:fs';
import type { SourceName } from '../company/table.ts';
import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import { systemClock } from '../core/runtime/clock.ts';
import { features } from '../features/index.ts';
import { mirroredIn, openSources } from '../open-feeds.ts';
import { openMirror } from '../open-mirror.ts';
import { explainStart } from '../start-errors.ts';
import { compareMirror } from './doctor/compare.ts';
import { lookAtFeed } from './doctor/feeds.ts';
import { broken, describeFindings, type Finding, notConfigured } from './doctor/finding.ts';
import { lookAtMongo } from './doctor/mongo.ts';
import { lookAtRedis } from './doctor/redis.ts';
import { lookAtServer } from './doctor/server.ts';
import { lookAtNotion, lookAtRows } from './doctor/services.ts';
import { lookAtSqlServer } from './doctor/sql-server.ts';
import { survive } from './doctor/survive.ts';

/**
 * Looks at everything that is configured, from outside the running server, and says of each what is wrong and what would
 * help:
 *
 *     npm run doctor                a table
 *     npm run doctor -- --json      the same as JSON
 *     npm run doctor -- --compare   has the running server compare its mirror with the databases, too
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
    survive('server', () => lookAtServer(config)),
    survive('databases', () => lookAtDatabases(config)),
    survive('Redis', () => lookAtRedis(redisUrl)),
    survive('Rows.com', () => lookAtRows(rows)),
    survive('Notion', () => lookAtNotion(notion)),
    ...(Bun.argv.includes('--compare') ? [survive('mirror', () => compareMirror(config))] : []),
  ]);
  return found.flat();
}

async function lookAtDatabases(config: Config): Promise<Finding[]> {
  const { sqlServer, mongo } = config.databases;
  const [sql, documents] = await Promise.all([
    sqlServer === null
      ? [notConfigured('SQL Server', 'set DB_SERVER, DB_NAME, DB_USER and DB_PASSWORD')]
      : lookAtSqlServer(sqlServer, mirroredIn('sql', features)),
    mongo === null ? [notConfigured('MongoDB', 'set MONGO_CONNECTION_STRING')] : lookAtMongo(mongo),
  ]);
  return [...sql, ...documents, ...(await lookAtFeeds(config, { sql, documents }))];
}

/** What can be reached is read as the server would read it; the demo company only where it is in a folder already. */
async function lookAtFeeds(
  config: Config,
  found: { readonly [Source in SourceName]: readonly Finding[] },
): Promise<Finding[]> {
  const isConfigured = config.databases.sqlServer !== null || config.databases.mongo !== null;
  if (!isConfigured && !isFolderWithFiles(config.demo.directory)) return [];
  const onError = () => {};
  const options = { config, features, clock: systemClock, random: Math.random, onProgress: onError, onError };
  const opened = await openSources(options).catch(whyNotOpened);
  if ('verdict' in opened) return [opened];
  const mirror = await openMirror({
    timeZone: config.timeZone,
    storage: 'memory',
    directory: null,
    onNotice: onError,
    onLost: onError,
  });
  const looks = Object.values(opened.sources).map((source) =>
    source === null || (isConfigured && !isReached(found[source.name]))
      ? []
      : lookAtFeed(source, { features, mirror, withinMs: LOAD_WITHIN_MS, databases: config.databases }),
  );
  const findings = (await Promise.all(looks)).flat();
  await mirror.close();
  return findings;
}

/** What would keep the server from starting; a bug is thrown on. */
function whyNotOpened(error: unknown): Finding {
  const words = explainStart(error);
  if (words === undefined) throw error;
  return broken('sources', words, 'the server does not start before that is mended');
}

/** A first load of millions of rows takes about a minute. */
const LOAD_WITHIN_MS = 300_000;

function isFolderWithFiles(directory: string | null): boolean {
  if (directory === null || !existsSync(directory)) return false;
  // What is no folder is for the opening to say.
  return !statSync(directory).isDirectory() || readdirSync(directory).length > 0;
}

function isReached(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict === 'ok' || verdict === 'warning');
}

await main();
