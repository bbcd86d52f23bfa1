import { type ActorTimings, DEFAULT_TIMINGS } from '../core/runtime/actor-state.ts';
import { readChangeInterval, readMongo, readSqlServer } from './databases.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import * as kind from './kinds.ts';
import { readExports, readNotion, readRows } from './outlets.ts';
import { readWebhooks } from './webhooks.ts';

const LOOPBACK = '127.0.0.1';
const LOCAL_ORIGINS = [5173, 5045].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);

/**
 * Declares and reads every environment variable: names, kind, default, help. `Config` is what this returns. The README's
 * table, `.env.example`, advice on misspelt names and notices follow from the same lines.
 *
 *     port: read('PORT', kind.wholeNumber(0, 65_535), 8000, { help: 'Port to listen on; 0 takes any free one' }),
 *
 * @param features the names that may stand for `<HUB>`
 */
export function readSettings(reader: EnvironmentReader, features: readonly string[]) {
  const { read } = reader.section('Server');
  const host = read('HOST', kind.listenAddress, '0.0.0.0', {
    help: `Address to listen on; always ${LOOPBACK} without JWT_SECRET`,
  });
  const port = read('PORT', kind.wholeNumber(0, 65_535), 8000, { help: 'Port to listen on; 0 takes any free one' });

  const sqlServer = readSqlServer(reader);
  const mongo = readMongo(reader);
  const isConfigured = sqlServer !== null || mongo !== null;
  const changeIntervalMs = readChangeInterval(reader, isConfigured);
  const services = readServices(reader);
  const notion = readNotion(reader);
  const webhooks = readWebhooks(reader, features);
  const rows = readRows(reader);
  const figures = readFigures(reader);
  const exports = readExports(reader, features, figures.timeZone);
  const demo = readDemo(reader, isConfigured);
  const isPersistent = isConfigured || demo.directory !== null;
  if (figures.mirror.storage === 'disk' && !isPersistent) {
    reader.notices.push(
      'MIRROR=disk is not used: without DEMO_DIR the demo data are in memory, and not kept over a restart',
    );
  }
  const emission = readEmission(reader, features);
  const timings = readTimings(reader);
  const state = readState(reader);
  const { access, origins } = readAccess(reader);
  const isOpen = access.secret === null;
  if (isOpen && reader.isSet('HOST') && ![LOOPBACK, 'localhost'].includes(host)) {
    reader.notices.push(`HOST=${host} is not used: without JWT_SECRET the server listens on ${LOOPBACK} only`);
  }
  return {
    host: isOpen ? LOOPBACK : host,
    port,
    /** Both null: the embedded demo. */
    databases: {
      sqlServer: sqlServer && { ...sqlServer, changeIntervalMs, requestTimeoutMs: timings.deadlineMs },
      mongo: mongo && { ...mongo, changeIntervalMs },
    },
    services,
    notion,
    webhooks,
    /** Null: nothing is sent to Rows.com. */
    rows,
    timeZone: figures.timeZone,
    exports,
    // Demo data in memory are new at each start, so a stored mirror of them would be useless.
    mirror: isPersistent ? figures.mirror : { ...figures.mirror, storage: 'memory' as const },
    ...{ demo, emission, timings, access, origins },
    ...state,
  };
}

function readServices({ section }: EnvironmentReader) {
  const { read, usedIf } = section('Services', { isPlanned: true });
  const address = read(['REDIS_URL', 'ConnectionStrings__Redis'], kind.redisAddress, null, {
    help: "The back end's Redis, as redis://… or in the form of StackExchange.Redis",
    isSecret: true,
  });
  const host = read('REDIS_HOST', kind.text, null, { help: 'Host of Redis' });
  const port = read('REDIS_PORT', kind.wholeNumber(1, 65_535), 6379, { help: 'Port of Redis' });
  const password = read('REDIS_PASSWORD', kind.text, null, {
    help: 'Password of Redis',
    isSecret: true,
  });
  usedIf(false, 'this version does not use it');
  return {
    /** `redis://…` */
    redisUrl: address ?? (host === null ? null : kind.redisUrl(host, port, password)),
  };
}

function readFigures({ section }: EnvironmentReader) {
  const { read } = section('Figures and the mirror');
  return {
    timeZone: read('BI_TIME_ZONE', kind.timeZone, 'America/Sao_Paulo', {
      help: 'Time zone of calendar days and months in figures',
      mistakenFor: ['TIME_ZONE', 'TIMEZONE'],
    }),
    mirror: {
      storage: read('MIRROR', kind.oneOf('memory', 'disk'), 'memory', {
        help: 'Where the mirror is stored; on disk it is in STATE_DIR, and a restart reads only what changed',
      }),
      reconcileIntervalMs: read('RECONCILE_INTERVAL', kind.seconds(60, 7 * 86_400), 6 * 3_600_000, {
        help: 'How often the whole mirror is compared with the databases',
      }),
    },
  };
}

function readDemo({ section }: EnvironmentReader, isConfigured: boolean) {
  const { read, usedIf } = section('Demo company, if no database is configured');
  const demo = {
    directory: read('DEMO_DIR', kind.path, null, {
      help: 'Folder for the demo data, or with your own data; without it the demo data are in memory',
    }),
    rate: read('DEMO_RATE', kind.decimal(0, 1_000), null, {
      help: 'Changes per second; 0 for none',
      fallbackWords: '2, or 0 for a folder of your own',
      example: '2',
    }),
    seed: read('DEMO_SEED', kind.wholeNumber(0, 2 ** 31 - 1), 1, { help: 'The same seed makes the same data' }),
    scale: read('DEMO_SCALE', kind.decimal(0.01, 20), 1, { help: 'Factor for the amount of demo data' }),
  };
  usedIf(!isConfigured, 'databases are configured, and the demo data are shown only where there are none');
  return demo;
}

const HUB_PREFIX = 'EMIT_INTERVAL_MS_';

function readEmission(reader: EnvironmentReader, features: readonly string[]) {
  const { read } = reader.section('Emission and refresh');
  const interval = kind.milliseconds(250, 86_400_000);
  const intervalMs = read('EMIT_INTERVAL_MS', interval, 30_000, {
    help: 'Each hub sends at most once per interval; `EMIT_INTERVAL_MS_CLAIMS` and so on override it for one hub',
  });
  const unchanged = read('EMIT_UNCHANGED', kind.flag, false, {
    help: 'Send on every interval, even if nothing changed',
  });
  const hubs = [...features.map((feature) => feature.toUpperCase()), 'NOTIFICATIONS'];
  const intervalMsByHub: Record<string, number> = {};
  for (const name of reader.namesWithPrefix(HUB_PREFIX)) {
    const hub = name.slice(HUB_PREFIX.length);
    if (hubs.includes(hub)) {
      intervalMsByHub[hub.toLowerCase()] = read(name, interval, intervalMs, { help: `The same for hub ${hub}` });
    } else if (hub === 'ALL') {
      reader.problems.push(
        `${name}: the hub all sends what the others do, when they do; EMIT_INTERVAL_MS is for every hub`,
      );
    } else {
      reader.problems.push(`${name}: there is no such hub; the hubs are ${hubs.join(', ')}`);
    }
    if (hub === 'NOTIFICATIONS') reader.notices.push(`${name} is not used: notifications are sent at once`);
  }
  return { intervalMs, intervalMsByHub, unchanged };
}

function readTimings({ section }: EnvironmentReader): ActorTimings {
  const { read } = section('Emission and refresh');
  return {
    ...DEFAULT_TIMINGS,
    maxAgeMs: read('REFRESH_MAX_AGE', kind.seconds(1, 86_400), DEFAULT_TIMINGS.maxAgeMs, {
      help: 'A feature is refreshed at this age even if nothing changed',
    }),
    deadlineMs: read('REFRESH_DEADLINE_MS', kind.milliseconds(100, 3_600_000), DEFAULT_TIMINGS.deadlineMs, {
      help: 'A refresh that takes longer fails',
    }),
  };
}

function readState({ section }: EnvironmentReader) {
  const { read } = section('State and log');
  return {
    stateDirectory: read('STATE_DIR', kind.path, 'output', {
      help: 'Folder for data that must survive a restart, such as sequence numbers',
    }),
    historyMaximumBytes:
      read('HISTORY_MAX_MB', kind.wholeNumber(8, 100_000), 256, {
        help: 'Size limit of history.sqlite in STATE_DIR, in MB; the oldest days are dropped beyond it',
      }) *
      1024 ** 2,
    logLevel: read('LOG_LEVEL', kind.oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), 'info', {
      help: 'Lowest level of log lines that are written',
    }),
  };
}

function readAccess({ section }: EnvironmentReader) {
  const { read } = section('Access');
  const secret = read(['Jwt__Key', 'JWT_SECRET'], kind.text, null, {
    help: 'Secret that signs the tokens (HS256), as UTF-8; without it access control is off',
    isSecret: true,
  });
  const tokens = section('Access');
  const access = {
    secret,
    roles: tokens.read('BI_ROLES', kind.list, ['Admin'], { help: 'Roles that may read, separated by commas' }),
    issuer: tokens.read('BI_JWT_ISSUER', kind.text, null, { help: 'Required issuer of a token; without it any' }),
    audience: tokens.read('BI_JWT_AUDIENCE', kind.text, null, {
      help: 'Required audience of a token; without it any',
    }),
  };
  tokens.usedIf(secret !== null, 'without JWT_SECRET no token is required');
  return {
    access,
    origins: read('CORS_ORIGINS', kind.origins, LOCAL_ORIGINS, {
      help: 'Origins whose pages may call the server, separated by commas',
    }),
  };
}
