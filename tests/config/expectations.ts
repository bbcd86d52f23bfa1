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
  /** Like `besides`, but with it the variable has no default: it must be set. */
  readonly requiredBy?: Environment;
}

const NO_NUMBERS = ['x', '1e3', '0x10', '+5', '5 5', 'NaN', 'Infinity', '1.', '.5', '9'.repeat(30)];
const NO_WHOLE_NUMBERS = [...NO_NUMBERS, '1.5', '1,5'];
const NO_ORIGINS = ['*', 'localhost:5173', 'admin.example', 'https://admin.example/', 'https://a.example,b', 'http://'];

const SQL_SERVER = { DB_SERVER: 'db', DB_NAME: 'Shop', DB_USER: 'reader', DB_PASSWORD: 'secret' };
const sqlServer = ({ databases }: Config) => databases.sqlServer;
const NOTION_PAGE = '59833787-2cf9-4fdf-8782-e53db20768a5';
const NOTION = { NOTION_TOKEN: 'ntn_token', NOTION_PAGE_ID: NOTION_PAGE };
const ROWS = { ROWS_API_KEY: 'key', ROWS_SPREADSHEET_ID: 'sheet' };
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
  ROWS_API_KEY: {
    of: ({ rows }) => rows && [rows.key, rows.spreadsheet],
    fallback: null,
    good: [['key', ['key', 'sheet']]],
    besides: { ROWS_SPREADSHEET_ID: 'sheet' },
  },
  ROWS_SPREADSHEET_ID: {
    of: ({ notices }) => notices,
    fallback: [],
    good: [
      ['5HGcWJFcQVVAv4mNTYb2RS', ['ROWS_SPREADSHEET_ID is not used: without ROWS_API_KEY nothing is sent to Rows.com']],
    ],
    bad: { values: ['https://rows.com/shop/sales-5HGcWJ', 'a b', '../x'], would: 'letters, digits, - and _' },
  },
  ROWS_TABLE_ID: {
    of: ({ rows }) => rows?.dashboardTable,
    fallback: null,
    good: [['4f87331e-ee18-4f0c-9325-e3b5e247a907', '4f87331e-ee18-4f0c-9325-e3b5e247a907']],
    bad: { values: ['a/b', 'a b'], would: 'letters, digits, - and _' },
    besides: ROWS,
  },
  ROWS_API_URL: {
    of: ({ rows }) => rows?.url,
    fallback: 'https://api.rows.com/v1',
    good: [
      ['http://localhost:1', 'http://localhost:1'],
      ['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/v1'],
      ['http://[::1]:1', 'http://[::1]:1'],
      ['https://proxy.example/rows', 'https://proxy.example/rows'],
    ],
    bad: {
      values: [
        ...['http://api.rows.com/v1', 'api.rows.com', 'ftp://api.rows.com', 'https://a:b@api.rows.com'],
        ...['https://api.rows.com/v1?a=b', 'http://localhost.example', 'http://127.0.0.1.example'],
      ],
      would: '',
    },
    besides: ROWS,
  },
  ROWS_INTERVAL_MS: {
    of: ({ rows }) => rows?.intervalMs,
    fallback: 900_000,
    good: [['60000', 60_000]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '604800001'], would: 'a whole number from 1000 to 604800000' },
    besides: ROWS,
  },
  ROWS_MONTHLY_REQUESTS: {
    of: ({ rows }) => rows?.monthlyRequests,
    fallback: 500,
    good: [['50000', 50_000]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0'], would: 'a whole number from 1 to 100000000' },
    besides: ROWS,
  },
  NOTION_TOKEN: {
    of: ({ notion }) => notion?.token,
    fallback: undefined,
    good: [['ntn_token', 'ntn_token']],
    besides: { NOTION_PAGE_ID: NOTION_PAGE },
  },
  NOTION_PAGE_ID: {
    of: ({ notion }) => notion?.pageId,
    fallback: undefined,
    good: [
      [NOTION_PAGE, NOTION_PAGE],
      ['59833787-2CF9-4FDF-8782-E53DB20768A5', NOTION_PAGE],
      ['598337872cf94fdf8782e53db20768a5', NOTION_PAGE],
      ['https://www.notion.so/acme/Greg-BI-598337872cf94fdf8782e53db20768a5?pvs=4', NOTION_PAGE],
      ['https://www.notion.so/598337872cf94fdf8782e53db20768a5/', NOTION_PAGE],
      [
        `https://www.notion.so/acme/${'0'.repeat(32)}?v=${'1'.repeat(32)}&p=598337872cf94fdf8782e53db20768a5`,
        NOTION_PAGE,
      ],
    ],
    bad: {
      values: ['Greg BI', '5983', 'https://www.notion.so/acme/Greg-BI', `${'5'.repeat(33)}`, `${'5'.repeat(31)}g`],
      would: 'copy the link of the page',
    },
    requiredBy: { NOTION_TOKEN: 'ntn_token' },
  },
  NOTION_API_URL: {
    of: ({ notion }) => notion?.url,
    fallback: 'https://api.notion.com',
    good: [
      ['http://localhost:1', 'http://localhost:1'],
      ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
      ['http://[::1]:1', 'http://[::1]:1'],
      ['https://proxy.example/notion/', 'https://proxy.example/notion'],
    ],
    bad: {
      values: [
        'api.notion.com',
        'ftp://api.notion.com',
        'http://api.notion.com',
        'http://127.0.0.1.example',
        'https://',
      ],
      would: 'https://…',
    },
    besides: NOTION,
  },
  NOTION_INTERVAL_MS: {
    of: ({ notion }) => notion?.intervalMs,
    fallback: 900_000,
    good: [['60000', 60_000]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0', '999'], would: 'a whole number from 1000 to 86400000' },
    besides: NOTION,
  },
} satisfies Record<string, Expectation>;

const SCHEDULED = { EXPORT_CRON: '0 6 * * *' };

/** What each variable of exports means. */
const EXPORT_EXPECTATIONS = {
  EXPORT_DIR: {
    of: ({ exports }) => exports.directory,
    fallback: 'output/exports',
    good: [['/srv/files', '/srv/files']],
  },
  EXPORT_CSV: {
    of: ({ exports }) => exports.dialect,
    fallback: 'rfc4180',
    good: [['excel-pt-br', 'excel-pt-br']],
    bad: { values: ['excel', 'EXCEL-PT-BR'], would: 'rfc4180, excel-pt-br' },
  },
  EXPORT_TOKEN: { of: ({ exports }) => exports.token, fallback: null, good: [['a.b.c', 'a.b.c']] },
  EXPORT_CRON: {
    of: ({ exports }) => exports.schedule?.pattern,
    fallback: undefined,
    good: [
      ['30 6 * * 1-5', '30 6 * * 1-5'],
      ['@daily', '@daily'],
    ],
    bad: {
      values: ['six', '0 6', '61 * * * *', '* * * * * *', '0 0 * * 8', '0 0 30 2 *'],
      would: '0 6 * * * runs every day at six',
    },
  },
  EXPORT_FORMATS: {
    of: ({ exports }) => exports.schedule?.formats,
    fallback: ['xlsx'],
    good: [['csv, parquet', ['csv', 'parquet']]],
    bad: { values: ['csv,pdf', ','], would: '' },
    besides: SCHEDULED,
  },
  EXPORT_FEATURES: {
    of: ({ exports }) => exports.schedule?.features,
    fallback: [],
    good: [['claims', ['claims']]],
    bad: { values: ['sales'], would: 'claims' },
    besides: SCHEDULED,
  },
  EXPORT_KEEP_DAYS: {
    of: ({ exports }) => exports.schedule?.keepDays,
    fallback: 30,
    good: [['7', 7]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0'], would: 'a whole number from 1 to 36500' },
    besides: SCHEDULED,
  },
  EXPORT_KEEP_MB: {
    of: ({ exports }) => exports.schedule?.keepBytes,
    fallback: 524_288_000,
    good: [['2', 2_097_152]],
    bad: { values: [...NO_WHOLE_NUMBERS, '0'], would: 'a whole number from 1 to 1000000' },
    besides: SCHEDULED,
  },
} satisfies Record<string, Expectation>;

/** What each variable means, value by value; by its first name. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  ...DATABASE_EXPECTATIONS,
  ...EXPORT_EXPECTATIONS,
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
  NOTIFY_ALLOW_PRIVATE: {
    of: ({ webhooks }) => webhooks?.allowPrivate,
    fallback: false,
    good: [
      ['true', true],
      ['0', false],
    ],
    bad: { values: ['yes', 'on'], would: 'neither true nor false; write one of them' },
    besides: { NOTIFY_WEBHOOKS: 'https://hooks.slack.com/services/T0/B0/x?format=slack' },
  },
  NOTIFY_WEBHOOKS: {
    of: ({ webhooks }) => webhooks?.addresses,
    fallback: undefined,
    good: [
      [
        'https://a.example/x?b=%2F&format=teams&c=~+1,\n https://b.example?hub=claims+financial&hub=all&severity=warning#d',
        [
          { url: 'https://a.example/x?b=%2F&c=~+1', format: 'teams', severity: 'info', hubs: null },
          {
            url: 'https://b.example/',
            ...{ format: 'standard', severity: 'warning', hubs: ['claims', 'financial', 'all'] },
          },
        ],
      ],
    ],
    besides: { NOTIFY_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  },
  NOTIFY_WEBHOOK_SECRET: {
    of: ({ webhooks }) => webhooks?.secrets,
    fallback: [],
    good: [
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']],
      [
        ` whsec_${'A'.repeat(32)}\nwhsec_${'B'.repeat(85)}A== `,
        [`whsec_${'A'.repeat(32)}`, `whsec_${'B'.repeat(85)}A==`],
      ],
    ],
    besides: { NOTIFY_WEBHOOKS: 'https://hooks.slack.com/services/T0/B0/x?format=slack' },
  },
  LOG_LEVEL: {
    of: ({ logLevel }) => logLevel,
    fallback: 'info',
    good: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) => [level, level] as const),
    bad: { values: ['verbose', 'INFO', 'info,warn'], would: 'trace, debug, info, warn, error, fatal, silent' },
  },
};
