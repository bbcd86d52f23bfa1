import { existsSync, readdirSync, statSync } from 'node:fs';
import type { SourceName } from '../company/table.ts';
import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import { createCalendar } from '../core/figures/zone.ts';
import { systemClock } from '../core/runtime/clock.ts';
import { features } from '../features/index.ts';
import { mirroredIn, openSources } from '../open-feeds.ts';
import { openMirror } from '../open-mirror.ts';
import { configuredOutlets } from '../open-outlets.ts';
import { explainStart } from '../start-errors.ts';
import { catchBugs } from './doctor/catch-bugs.ts';
import { compareMirror } from './doctor/compare.ts';
import { checkFeed } from './doctor/feeds.ts';
import { broken, describeFindings, type Finding, notConfigured } from './doctor/finding.ts';
import { checkMongo } from './doctor/mongo.ts';
import { checkOutlets } from './doctor/outlets.ts';
import { checkRedis } from './doctor/redis.ts';
import { checkServer } from './doctor/server.ts';
import { checkSqlServer } from './doctor/sql-server.ts';

/**
 * Checks everything that is configured, from outside the running server, and reports problems and how to fix them:
 *
 *     npm run doctor                a table
 *     npm run doctor -- --json      the same as JSON
 *     npm run doctor -- --write     also writes a value to Rows.com and reads it back
 *     npm run doctor -- --compare   also has the running server compare its mirror with the databases
 *
 * Exits with 1 if something is broken. Writes nothing without `--write`, and shows no secret.
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
  const { redisUrl } = config.services;
  const found = await Promise.all([
    catchBugs('server', () => checkServer(config)),
    catchBugs('databases', () => checkDatabases(config)),
    catchBugs('Redis', () => checkRedis(redisUrl)),
    ...(config.rows === null ? [[notConfigured('Rows.com', 'set ROWS_API_KEY and ROWS_SPREADSHEET_ID')]] : []),
    ...(config.notion === null ? [[notConfigured('Notion', 'set NOTION_TOKEN and NOTION_PAGE_ID')]] : []),
    catchBugs('outlets', () => examineOutlets(config)),
    ...(Bun.argv.includes('--compare') ? [catchBugs('mirror', () => compareMirror(config))] : []),
  ]);
  return found.flat();
}

async function examineOutlets(config: Config): Promise<Finding[]> {
  return checkOutlets({
    outlets: await configuredOutlets({ config, features, clock: systemClock }),
    server: config,
    write: Bun.argv.includes('--write'),
    calendar: createCalendar(config.timeZone),
    clock: systemClock,
  });
}

async function checkDatabases(config: Config): Promise<Finding[]> {
  const { sqlServer, mongo } = config.databases;
  const [sql, documents] = await Promise.all([
    sqlServer === null
      ? [notConfigured('SQL Server', 'set DB_SERVER, DB_NAME, DB_USER and DB_PASSWORD')]
      : checkSqlServer(sqlServer, mirroredIn('sql', features)),
    mongo === null ? [notConfigured('MongoDB', 'set MONGO_CONNECTION_STRING')] : checkMongo(mongo),
  ]);
  return [...sql, ...documents, ...(await checkFeeds(config, { sql, documents }))];
}

/** Reads what can be reached as the server would; the demo company only if its folder has files already. */
async function checkFeeds(
  config: Config,
  found: { readonly [Source in SourceName]: readonly Finding[] },
): Promise<Finding[]> {
  const isConfigured = config.databases.sqlServer !== null || config.databases.mongo !== null;
  if (!isConfigured && !isFolderWithFiles(config.demo.directory)) return [];
  const onError = () => {};
  const options = { config, features, clock: systemClock, random: Math.random, onProgress: onError, onError };
  const opened = await openSources(options).catch(describeOpenFailure);
  if ('verdict' in opened) return [opened];
  const mirror = await openMirror({
    timeZone: config.timeZone,
    storage: 'memory',
    directory: null,
    onNotice: onError,
    onLost: onError,
  });
  const checks = Object.values(opened.sources).map((source) =>
    source === null || (isConfigured && !isReached(found[source.name]))
      ? []
      : checkFeed(source, { features, mirror, withinMs: LOAD_WITHIN_MS, databases: config.databases }),
  );
  const findings = (await Promise.all(checks)).flat();
  await mirror.close();
  return findings;
}

/** @throws the error itself if it is a bug */
function describeOpenFailure(error: unknown): Finding {
  const words = explainStart(error);
  if (words === undefined) throw error;
  return broken('sources', words, 'fix that first: the server does not start without it');
}

/** A first load of millions of rows takes about a minute. */
const LOAD_WITHIN_MS = 300_000;

function isFolderWithFiles(directory: string | null): boolean {
  if (directory === null || !existsSync(directory)) return false;
  // A file in place of the folder is reported when it is opened.
  return !statSync(directory).isDirectory() || readdirSync(directory).length > 0;
}

function isReached(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict === 'ok' || verdict === 'warning');
}

await main();
