import { expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import type { Config } from '../../src/config/config.ts';

const CERTIFICATE_FILE = `${import.meta.dir}/../support/tds/test-certificate.pem`;

export type Environment = Record<string, string>;

interface Expectation {
  readonly of: (config: Config) => unknown;
  readonly fallback: unknown;
  /** What is read, and what it means. */
  readonly good: readonly (readonly [string, unknown])[];
  /** What makes no sense, and what would do. */
  readonly bad?: { readonly values: readonly string[]; readonly would: string };
  /** What else has to be set for it to count. */
  readonly besides?: Environment;
}

const NO_NUMBERS = ['x', '1e3', '0x10', '+5', '5 5', 'NaN', 'Infinity', '1.', '.5', '9'.repeat(30)];
const NO_WHOLE_NUMBERS = [...NO_NUMBERS, '1.5', '1,5'];
const NO_ORIGINS = ['*', 'localhost:5173', 'admin.example', 'https://admin.example/', 'https://a.example,b', 'http://'];

const SQL_SERVER = { DB_SERVER: 'db', DB_NAME: 'Shop', DB_USER: 'reader', DB_PASSWORD: 'secret' };
const sqlServer = ({ databases }: Config) => databases.sqlServer;
const MONGO = { MONGO_CONNECTION_STRING: 'mongodb://db' };
const mongo = ({ databases }: Config) => databases.mongo;

/** What each variable that concerns the databases means. */
const DATABASE_EXPECTATIONS = {
  DB_SERVER: {
    of: (config) =>
      sqlServer(config) && [sqlServer(config)?.server, sqlServer(config)?.port, sqlServer(config)?.instanceName],
    fallback: ['ado', 1433, null],
    good: [
      ['db.example', ['db.example', 1433, null]],
      ['db.example,1500', ['db.example', 1500, null]],
      ['db\\SHOP', ['db', 1433, 'SHOP']],
      ['.', ['localhost', 1433, null]],
      ['tcp:10.0.0.7 , 99', ['10.0.0.7', 99, null]],
      ['::1', ['::1', 1433, null]],
      ['sql_server.internal.', ['sql_server.internal.', 1433, null]],
    ],
    bad: { values: ['db:1433', 'db:', 'tcp:db:1433', 'mssql://db', 'db/SHOP', '[::1]', 'db;Database=a'], would: '' },
    besides: { ConnectionStrings__DefaultConnection: 'Server=ado;Database=a;User Id=b;Password=c' },
  },
  DB_PORT: {
    of: (config) => sqlServer(config)?.port,
    fallback: 1433,
    good: [['1500', 1500]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '65536'], would: 'a whole number from 1 to 65535' },
    besides: SQL_SERVER,
  },
  DB_NAME: {
    of: (config) => sqlServer(config)?.database,
    fallback: 'a',
    good: [['Shop', 'Shop']],
    besides: { ConnectionStrings__DefaultConnection: 'Server=ado;Database=a;User Id=b;Password=c' },
  },
  DB_USER: {
    of: (config) => sqlServer(config)?.userName,
    fallback: 'b',
    good: [['reader', 'reader']],
    besides: { ConnectionStrings__DefaultConnection: 'Server=ado;Database=a;User Id=b;Password=c' },
  },
  DB_PASSWORD: {
    of: (config) => sqlServer(config)?.password,
    fallback: 'c',
    good: [[' blanks and ; ', ' blanks and ; ']],
    besides: { ConnectionStrings__DefaultConnection: 'Server=ado;Database=a;User Id=b;Password=c' },
  },
  ConnectionStrings__DefaultConnection: {
    of: (config) => sqlServer(config),
    fallback: null,
    good: [
      [
        'Data Source=tcp:h,1500;Initial Catalog=Shop;UID=u;PWD="p;q";Encrypt=Strict;Application Intent=ReadOnly;Max Pool Size=3;Connect Timeout=7',
        expect.objectContaining({
          ...{ server: 'h', port: 1500, database: 'Shop', userName: 'u', password: 'p;q', encryption: 'strict' },
          ...{ readOnlyIntent: true, poolSize: 3, connectTimeoutMs: 7_000, trustServerCertificate: false },
        }),
      ],
    ],
  },
  DB_ENCRYPT: {
    of: (config) => sqlServer(config)?.encryption,
    fallback: true,
    good: [
      ['false', false],
      ['strict', 'strict'],
    ],
    bad: { values: ['maybe', 'TRUE'], would: 'true, false, strict' },
    besides: SQL_SERVER,
  },
  DB_TRUST_SERVER_CERTIFICATE: {
    of: (config) => sqlServer(config)?.trustServerCertificate,
    fallback: false,
    good: [['true', true]],
    bad: { values: ['yes'], would: 'neither true nor false' },
    besides: SQL_SERVER,
  },
  DB_CA_FILE: {
    of: (config) => sqlServer(config)?.certificateAuthority,
    fallback: null,
    good: [[CERTIFICATE_FILE, readFileSync(CERTIFICATE_FILE, 'utf8')]],
    bad: {
      values: ['/nowhere/ca.pem', import.meta.dir],
      would: 'name a PEM file that the user of the server may read',
    },
    besides: SQL_SERVER,
  },
  DB_READ_ONLY_INTENT: {
    of: (config) => sqlServer(config)?.readOnlyIntent,
    fallback: false,
    good: [['1', true]],
    bad: { values: ['ReadOnly'], would: 'neither true nor false' },
    besides: SQL_SERVER,
  },
  DB_POOL_SIZE: {
    of: (config) => sqlServer(config)?.poolSize,
    fallback: 10,
    good: [['100', 100]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '101'], would: 'a whole number from 1 to 100' },
    besides: SQL_SERVER,
  },
  DB_CONNECT_TIMEOUT_MS: {
    of: (config) => sqlServer(config)?.connectTimeoutMs,
    fallback: 15_000,
    good: [['100', 100]],
    bad: { values: [...NO_WHOLE_NUMBERS, '99'], would: 'a whole number from 100 to 120000' },
    besides: SQL_SERVER,
  },
  CHANGE_INTERVAL_MS: {
    of: (config) => sqlServer(config)?.changeIntervalMs,
    fallback: 30_000,
    good: [['1000', 1_000]],
    bad: { values: [...NO_WHOLE_NUMBERS, '999'], would: 'a whole number from 1000 to 3600000' },
    besides: SQL_SERVER,
  },
  MONGO_CONNECTION_STRING: {
    of: (config) => mongo(config)?.connectionString,
    fallback: undefined,
    good: [['mongodb+srv://user:pass@cluster.example/shop', 'mongodb+srv://user:pass@cluster.example/shop']],
  },
  MONGO_DATABASE: {
    of: (config) => mongo(config)?.database,
    fallback: null,
    good: [['Support', 'Support']],
    besides: MONGO,
  },
  MONGO_READ_PREFERENCE: {
    of: (config) => mongo(config)?.readPreference,
    fallback: null,
    good: [['secondaryPreferred', 'secondaryPreferred']],
    bad: { values: ['any', 'Primary'], would: 'primaryPreferred' },
    besides: MONGO,
  },
  MONGO_READ_CONCERN: {
    of: (config) => mongo(config)?.readConcern,
    fallback: null,
    good: [['majority', 'majority']],
    bad: { values: ['snapshotty'], would: 'linearizable' },
    besides: MONGO,
  },
  MONGO_CONNECT_TIMEOUT_MS: {
    of: (config) => mongo(config)?.connectTimeoutMs,
    fallback: 5_000,
    good: [['100', 100]],
    bad: { values: [...NO_WHOLE_NUMBERS, '99'], would: 'a whole number from 100 to 120000' },
    besides: MONGO,
  },
  MONGO_POOL_SIZE: {
    of: (config) => mongo(config)?.poolSize,
    fallback: 10,
    good: [['100', 100]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '101'], would: 'a whole number from 1 to 100' },
    besides: MONGO,
  },
  REDIS_URL: {
    of: ({ services }) => services.redisUrl,
    fallback: null,
    good: [
      ['redis://:p@host:6380', 'redis://:p@host:6380'],
      ['host:6380,password=p/q,ssl=True,abortConnect=false', 'rediss://:p%2Fq@host:6380'],
      ['host', 'redis://host:6379'],
    ],
  },
  REDIS_HOST: {
    of: ({ services }) => services.redisUrl,
    fallback: null,
    good: [['redis', 'redis://redis:6379']],
  },
  REDIS_PORT: {
    of: ({ services }) => services.redisUrl,
    fallback: 'redis://h:6379',
    good: [['7000', 'redis://h:7000']],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '65536'], would: 'a whole number from 1 to 65535' },
    besides: { REDIS_HOST: 'h' },
  },
  REDIS_PASSWORD: {
    of: ({ services }) => services.redisUrl,
    fallback: 'redis://h:6379',
    good: [['a:b', 'redis://:a%3Ab@h:6379']],
    besides: { REDIS_HOST: 'h' },
  },
  ROWS_API_KEY: { of: ({ services }) => services.rows?.key, fallback: undefined, good: [['key', 'key']] },
  ROWS_SPREADSHEET_ID: {
    of: ({ services }) => services.rows?.spreadsheet,
    fallback: null,
    good: [['sheet', 'sheet']],
    besides: { ROWS_API_KEY: 'key' },
  },
  ROWS_API_URL: {
    of: ({ services }) => services.rows?.url,
    fallback: 'https://api.rows.com/v1',
    good: [['http://localhost:1', 'http://localhost:1']],
    besides: { ROWS_API_KEY: 'key' },
  },
  NOTION_TOKEN: { of: ({ services }) => services.notion?.token, fallback: undefined, good: [['token', 'token']] },
  NOTION_API_URL: {
    of: ({ services }) => services.notion?.url,
    fallback: 'https://api.notion.com/v1',
    good: [['http://localhost:1', 'http://localhost:1']],
    besides: { NOTION_TOKEN: 'token' },
  },
} satisfies Record<string, Expectation>;

/** What each variable means, value by value; by its first name. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  ...DATABASE_EXPECTATIONS,
  HOST: {
    of: ({ host }) => host,
    fallback: '0.0.0.0',
    good: [
      ['192.168.0.7', '192.168.0.7'],
      [' ::1 ', '::1'],
      ['bi.example', 'bi.example'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
    ],
    bad: {
      values: ['0.0.0.0:8000', 'http://localhost', '[::1]', '*', 'a b', 'localhost/', '-'],
      would: '0.0.0.0 is every address',
    },
    besides: { JWT_SECRET: 'secret' },
  },
  PORT: {
    of: ({ port }) => port,
    fallback: 8000,
    good: [
      ['0', 0],
      ['65535', 65_535],
      [' 8001 ', 8001],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '-1', '65536'], would: 'a whole number from 0 to 65535' },
  },
  DEMO_DIR: { of: ({ demo }) => demo.directory, fallback: null, good: [['./demo data', './demo data']] },
  DEMO_RATE: {
    of: ({ demo }) => demo.rate,
    fallback: null,
    good: [
      ['0', 0],
      ['0.5', 0.5],
      ['1000', 1000],
    ],
    bad: { values: [...NO_NUMBERS, '-0.1', '1000.1'], would: 'a number from 0 to 1000' },
  },
  DEMO_SEED: {
    of: ({ demo }) => demo.seed,
    fallback: 1,
    good: [
      ['0', 0],
      ['2147483647', 2_147_483_647],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '-1', '2147483648'], would: 'a whole number from 0 to 2147483647' },
  },
  DEMO_SCALE: {
    of: ({ demo }) => demo.scale,
    fallback: 1,
    good: [
      ['0.01', 0.01],
      ['20', 20],
    ],
    bad: { values: [...NO_NUMBERS, '0', '20.01'], would: 'a number from 0.01 to 20' },
  },
  EMIT_INTERVAL_MS: {
    of: ({ emission }) => emission.intervalMs,
    fallback: 30_000,
    good: [
      ['250', 250],
      ['86400000', 86_400_000],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '249', '86400001'], would: 'a whole number from 250 to 86400000' },
  },
  EMIT_UNCHANGED: {
    of: ({ emission }) => emission.unchanged,
    fallback: false,
    good: [
      ['true', true],
      ['TRUE', true],
      ['1', true],
      ['false', false],
      ['False', false],
      ['0', false],
    ],
    bad: { values: ['yes', 'on', '2', 'truee'], would: 'neither true nor false; write one of them' },
  },
  BI_TIME_ZONE: {
    of: ({ timeZone }) => timeZone,
    fallback: 'America/Sao_Paulo',
    good: [
      ['UTC', 'UTC'],
      [' asia/kathmandu ', 'Asia/Kathmandu'],
      ['Etc/GMT+3', 'Etc/GMT+3'],
      ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ],
    bad: {
      values: ['Brasilia', 'America/Sao Paulo', '-03:00', '-3', '3', 'GMT-3', 'America', 'America/Sao_Paulo,UTC'],
      would: 'America/Sao_Paulo',
    },
  },
  MIRROR: {
    of: ({ mirror }) => mirror.storage,
    fallback: 'memory',
    good: [
      ['memory', 'memory'],
      ['disk', 'disk'],
    ],
    bad: { values: ['Disk', 'file', 'true'], would: 'memory, disk' },
    besides: { DEMO_DIR: 'data' },
  },
  RECONCILE_INTERVAL: {
    of: ({ mirror }) => mirror.reconcileIntervalMs,
    fallback: 21_600_000,
    good: [
      ['60', 60_000],
      ['604800', 604_800_000],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '59', '604801'], would: 'a whole number from 60 to 604800' },
  },
  REFRESH_MAX_AGE: {
    of: ({ timings }) => timings.maxAgeMs,
    fallback: 10_000,
    good: [
      ['1', 1_000],
      ['86400', 86_400_000],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '86401'], would: 'a whole number from 1 to 86400' },
  },
  REFRESH_DEADLINE_MS: {
    of: ({ timings }) => timings.deadlineMs,
    fallback: 30_000,
    good: [
      ['100', 100],
      ['3600000', 3_600_000],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '99', '3600001'], would: 'a whole number from 100 to 3600000' },
  },
  STATE_DIR: {
    of: ({ stateDirectory }) => stateDirectory,
    fallback: 'output',
    good: [['/var/lib/greg', '/var/lib/greg']],
  },
  HISTORY_MAX_MB: {
    of: ({ historyMaximumBytes }) => historyMaximumBytes,
    fallback: 268_435_456,
    good: [
      ['8', 8_388_608],
      ['100000', 104_857_600_000],
    ],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '7', '100001'], would: 'a whole number from 8 to 100000' },
  },
  Jwt__Key: {
    of: ({ access }) => access.secret,
    fallback: null,
    // The key is the bytes as they are: the back end does not trim them either.
    good: [
      ['a secret with ação', 'a secret with ação'],
      [' blanks around ', ' blanks around '],
    ],
  },
  BI_ROLES: {
    of: ({ access }) => access.roles,
    fallback: ['Admin'],
    good: [
      ['Board', ['Board']],
      [' Admin , Board,,', ['Admin', 'Board']],
      ['Vice President', ['Vice President']],
    ],
    bad: { values: [',', ' , ,'], would: 'at least one' },
  },
  BI_JWT_ISSUER: { of: ({ access }) => access.issuer, fallback: null, good: [['back end', 'back end']] },
  BI_JWT_AUDIENCE: { of: ({ access }) => access.audience, fallback: null, good: [['greg', 'greg']] },
  CORS_ORIGINS: {
    of: ({ origins }) => origins,
    fallback: ['http://localhost:5173', 'http://127.0.0.1:5173', 'http://localhost:5045', 'http://127.0.0.1:5045'],
    good: [
      ['https://admin.example', ['https://admin.example']],
      ['http://a.example:8080, https://b.example ,', ['http://a.example:8080', 'https://b.example']],
      ['http://[::1]:5173', ['http://[::1]:5173']],
    ],
    bad: { values: NO_ORIGINS, would: 'https://admin.example' },
  },
  LOG_LEVEL: {
    of: ({ logLevel }) => logLevel,
    fallback: 'info',
    good: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) => [level, level] as const),
    bad: { values: ['verbose', 'INFO', 'info,warn'], would: 'trace, debug, info, warn, error, fatal, silent' },
  },
};
