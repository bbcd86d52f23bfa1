import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { declaredVariables, loadConfig } from '../../src/config/config.ts';
import { SQL_SERVER_DEFAULTS } from '../../src/core/feeds/sql-server/settings.ts';
import { DEFAULT_TIMINGS } from '../../src/core/runtime/actor-state.ts';
import { environmentOf } from '../support/real-sql-server.ts';
import { type Environment, EXPECTATIONS } from './expectations.ts';
import { HUBS, load, problemsOf } from './problems-of.ts';

describe.each(Object.entries(EXPECTATIONS))(
  '%s',
  (name, { of, fallback, good, bad, besides = {}, requiredBy = {} }) => {
    const all = { ...besides, ...requiredBy };
    test('has its default where it is not set, or empty', () => {
      expect(of(load(besides))).toEqual(fallback);
      for (const nothing of ['', ' ', '\t']) expect(of(load({ ...besides, [name]: nothing }))).toEqual(fallback);
    });

    test.each(good)('read %p means %p', (value, meaning) => {
      expect(of(load({ ...all, [name]: value }))).toEqual(meaning);
    });

    test.each(bad?.values ?? [])('read %p stops the start, told what was read and what would do', (value) => {
      const problems = problemsOf({ ...all, [name]: value });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toStartWith(`${name}: read ${JSON.stringify(value)}, which `);
      expect(problems[0]).toContain(bad?.would ?? '');
    });
  },
);

describe('Notion', () => {
  const NOTION_PAGE_ID = '598337872cf94fdf8782e53db20768a5';

  test('is not used without a token', () => {
    const { notion, notices } = load({ NOTION_PAGE_ID, NOTION_INTERVAL_MS: '60000' });
    expect(notion).toBeNull();
    expect(notices).toEqual([
      'NOTION_PAGE_ID, NOTION_INTERVAL_MS are not used: without NOTION_TOKEN nothing is sent to Notion',
    ]);
  });

  test('is not used without a page: the message says what would do', () => {
    expect(problemsOf({ NOTION_TOKEN: 'ntn_secret' })).toEqual([
      'NOTION_PAGE_ID: is not set, and NOTION_TOKEN is; the id or the address of the page that the figures go to would do',
    ]);
  });

  test.each(['ntn secret', 'ntn\nsecret', 'ntn_sécret', ' ntn_secret'])(
    'is not used with %j, which no request could carry, and the message does not show it',
    (NOTION_TOKEN) => {
      const problems = problemsOf({ NOTION_TOKEN, NOTION_PAGE_ID });
      expect(problems).toEqual([expect.stringContaining('copy the token alone')]);
      expect(problems.join()).not.toContain('cret');
    },
  );

  test('may be given the address that older versions had by default', () => {
    const NOTION_API_URL = 'https://api.notion.com/v1/';
    const { notion, notices } = load({ NOTION_TOKEN: 'ntn_secret', NOTION_PAGE_ID, NOTION_API_URL });
    expect(notion?.url).toBe('https://api.notion.com');
    expect(notices).toEqual(['NOTION_API_URL: the /v1 at its end is left out, since it is added']);
  });
});

describe('a value in quotes, which some programs leave there,', () => {
  test.each(['HOST', 'PORT', 'DB_SERVER', 'BI_TIME_ZONE', 'EMIT_UNCHANGED', 'STATE_DIR'])(
    'stops the start where it is that of %s',
    (name) => {
      for (const quote of ['"', "'", '`']) {
        expect(problemsOf({ [name]: `${quote}0${quote}` })).toEqual([
          `${name}: read ${JSON.stringify(`${quote}0${quote}`)}, which has quotes around it; write 0`,
        ]);
      }
    },
  );

  test('may be a password, and is said to be one', () => {
    const { access, notices } = load({ JWT_SECRET: '"a secret"' });
    expect(access.secret).toBe('"a secret"');
    expect(notices).toEqual(['JWT_SECRET has quotes around it, which count as a part of it']);
  });
});

test.each(['5s', '30 sec', '1.5h', '500ms', '50%', '1_000ms'])(
  'a number with a unit, %s, is to be written without',
  (value) => {
    for (const name of ['EMIT_INTERVAL_MS', 'REFRESH_MAX_AGE', 'DEMO_RATE']) {
      expect(problemsOf({ [name]: value })).toEqual([
        expect.stringContaining('write the number alone, without a unit'),
      ]);
    }
  },
);

test.each(['STATE_DIR', 'DEMO_DIR', 'DB_CA_FILE'])('a home folder in %s is no folder of that name', (name) => {
  expect(problemsOf({ [name]: '~/greg' })).toEqual([expect.stringContaining('write the whole path')]);
});

test('a list of no origins is none', () => {
  expect(problemsOf({ CORS_ORIGINS: ' ,' })).toEqual([
    'CORS_ORIGINS: read " ,", which lists nothing; name at least one',
  ]);
});

describe('the secret', () => {
  test('of Jwt__Key comes before that of JWT_SECRET', () => {
    expect(load({ JWT_SECRET: 'second', Jwt__Key: 'first' }).access.secret).toBe('first');
    expect(load({ JWT_SECRET: 'second' }).access.secret).toBe('second');
    expect(load({ JWT_SECRET: 'second', Jwt__Key: ' ' }).access.secret).toBe('second');
  });

  test('that is missing makes the server listen on this machine only, and says so where HOST was set', () => {
    expect(load().host).toBe('127.0.0.1');
    expect(load({ HOST: '0.0.0.0' })).toMatchObject({ host: '127.0.0.1' });
    expect(load({ HOST: '0.0.0.0' }).notices).toEqual([
      'HOST=0.0.0.0 is not used: without JWT_SECRET the server listens on 127.0.0.1 only',
    ]);
    for (const HOST of ['localhost', '127.0.0.1', '', ' ', ' 127.0.0.1 ']) expect(load({ HOST }).notices).toEqual([]);
    expect(load({ HOST: '0.0.0.0', Jwt__Key: 'secret' })).toMatchObject({ host: '0.0.0.0', notices: [] });
  });

  const secretNames = [
    ...['Jwt__Key', 'JWT_SECRET', 'DB_PASSWORD', 'ConnectionStrings__DefaultConnection', 'MONGO_CONNECTION_STRING'],
    ...[
      'REDIS_URL',
      'REDIS_PASSWORD',
      'ROWS_API_KEY',
      'NOTION_TOKEN',
      'MONGODB_CONNECTION',
      'ConnectionStrings__Redis',
    ],
  ];
  const secrets = fc.stringMatching(/^[A-Za-z0-9+/=;:@ ]{12,60}$/).filter((text) => text.trim().length >= 12);
  const bad = { PORT: 'x', LOG_LEVEL: 'loud', EMIT_INTERVAL_MS_CLAIMS: '1', EMIT_INTERVAL_MS_NONE: '1' };

  test('is in no message and no notice, whatever it is and whatever else is wrong', () => {
    const environments = fc.record({
      values: fc.array(fc.tuple(fc.constantFrom(...secretNames), secrets), { minLength: 1 }).map(Object.fromEntries),
      rest: fc.constantFrom<Environment>({}, bad),
    });
    fc.assert(
      fc.property(environments, ({ values, rest }) => {
        const environment: Environment = { ...values, ...rest };
        const problems = problemsOf(environment);
        const said = problems.length > 0 ? problems : load(environment).notices;
        for (const secret of Object.values<string>(values)) expect(said.join('\n')).not.toContain(secret.trim());
      }),
    );
  });
});

const STRING = 'Server=ado,1500;Database=a;User Id=b;Password=hunter2';

describe('the databases', () => {
  test('are none where nothing names one; a password alone names none', () => {
    expect(load().databases).toEqual({ sqlServer: null, mongo: null });
    expect(load({ DB_PASSWORD: 'secret', DB_PORT: '99' }).databases.sqlServer).toBeNull();
  });

  test.each([
    [{ DB_SERVER: 'db' }, ['DB_NAME', 'DB_USER', 'DB_PASSWORD']],
    [{ DB_NAME: 'shop' }, ['DB_SERVER', 'DB_USER', 'DB_PASSWORD']],
    [{ DB_USER: 'reader', DB_PASSWORD: 'x' }, ['DB_SERVER', 'DB_NAME']],
    [{ ConnectionStrings__DefaultConnection: 'Server=db;Database=shop' }, ['DB_USER', 'DB_PASSWORD']],
  ])('that are named by half, %j, are told what is missing', (environment, names) => {
    expect(problemsOf(environment).map((problem) => problem.split(':', 1)[0] ?? '')).toEqual(names);
  });

  test('have what DB_… says before what the connection string does', () => {
    const environment = {
      ConnectionStrings__DefaultConnection: `${STRING};Encrypt=false`,
      DB_PORT: '7',
      DB_ENCRYPT: 'true',
    };
    expect(load(environment).databases.sqlServer).toMatchObject({ server: 'ado', port: 7, encryption: true });
    expect(load({ ...environment, DB_SERVER: 'own' }).databases.sqlServer).toMatchObject({
      server: 'own',
      database: 'a',
    });
    expect(load({ ConnectionStrings__DefaultConnection: STRING }).databases.sqlServer?.port).toBe(1500);
  });

  test.each([
    { server: 'db', port: 1434, instanceName: null, encryption: false, trustServerCertificate: false },
    { server: 'db', port: 1433, instanceName: 'SHOP', encryption: true, trustServerCertificate: true },
    { server: '::1', port: 1433, instanceName: null, encryption: 'strict' as const, trustServerCertificate: false },
  ])('are what the tests say of a server of theirs, %j', (expected) => {
    const settings = { ...SQL_SERVER_DEFAULTS, ...expected, database: 'a', userName: 'reader', password: "p$#' x" };
    expect(load(environmentOf(settings)).databases.sqlServer).toMatchObject({
      ...expected,
      database: 'a',
      userName: 'reader',
      password: "p$#' x",
    });
  });

  test('have the deadline of a refresh for each statement', () => {
    const environment = { ConnectionStrings__DefaultConnection: STRING, REFRESH_DEADLINE_MS: '5000' };
    expect(load(environment).databases.sqlServer?.requestTimeoutMs).toBe(5_000);
  });

  test.each([
    ['Server=db;Database=a;Trusted_Connection=True', 'User Id and Password'],
    ['Server=(localdb)\\mssqllocaldb;Database=a', 'LocalDB'],
    ['Database=a;User Id=b;Password=hunter2', 'Server=host,1433'],
    ['Server=np:db;Database=a', 'TCP'],
    ['Server=db,99999;Database=a', '65535'],
    ['Server=db;Encrypt=perhaps', 'mandatory'],
    ['Server=db;Max Pool Size=many', 'a whole number'],
    ['Server="db', 'quotation mark'],
    ['hunter2', 'Server=host,1433'],
    ['Server=db:1433;Database=a;User Id=b;Password=hunter2', 'host,1433'],
  ])('in the connection string %s stop the start with what would do', (text, would) => {
    const problems = problemsOf({ ConnectionStrings__DefaultConnection: text });
    expect(problems).toEqual([expect.stringContaining(would)]);
    expect(problems[0]).toStartWith('ConnectionStrings__DefaultConnection: ');
    expect(problems[0]).not.toContain('hunter2');
  });

  test('of MongoDB come in the order of their names, with blanks around it or not', () => {
    const names = { MONGODB_CONNECTION: 'mongodb://second', ConnectionStrings__MongoConnection: 'mongodb://third' };
    expect(load(names).databases.mongo?.connectionString).toBe('mongodb://second');
    expect(load({ ...names, MONGO_CONNECTION_STRING: 'mongodb://first' }).databases.mongo?.connectionString).toBe(
      'mongodb://first',
    );
    expect(load({ MONGO_CONNECTION_STRING: ' mongodb://db ' }).databases.mongo?.connectionString).toBe('mongodb://db');
  });

  test.each([
    ['postgres://hunter2@db', 'it does not begin with mongodb://'],
    ['mongodb://', 'it names no host'],
    ['mongodb://u:hunter2@x@db', 'percent-encoding: @ is %40'],
    ['mongodb://u:hunter2@db:99999', 'not between 1 and 65535'],
    ['mongodb://u:hunter2@db,', 'not of the form name or name:port'],
    ['mongodb+srv://u:hunter2@db:27017', 'without a port'],
    ['mongodb://u:hunter2@db/a.b', 'name of the database'],
    ['mongodb://u:hunter2@db/?tls=true&tlsCAFile=/nowhere', 'tlsCAFile names a file that cannot be read'],
  ])('of MongoDB in %s stop the start with what would do, and without the string', (value, wrong) => {
    const problems = problemsOf({ MONGODB_CONNECTION: value });
    expect(problems).toEqual([expect.stringContaining(wrong)]);
    expect(problems[0]).toStartWith('MONGODB_CONNECTION: read a value, which cannot be used: ');
    expect(problems[0]).toContain('the form is mongodb://user:password@host:27017/database');
    expect(problems[0]).not.toContain('hunter2');
  });
});

describe('EMIT_INTERVAL_MS_<HUB>', () => {
  test('overrides the interval of that hub', () => {
    const { emission } = load({ EMIT_INTERVAL_MS: '5000', EMIT_INTERVAL_MS_CLAIMS: '250' });
    expect(emission).toMatchObject({ intervalMs: 5_000, intervalMsByHub: { claims: 250 } });
  });

  test('of the notifications is accepted, and said to change nothing', () => {
    const { emission, notices } = load({ EMIT_INTERVAL_MS_NOTIFICATIONS: '500' });
    expect(emission.intervalMs).toBe(30_000);
    expect(notices).toEqual(['EMIT_INTERVAL_MS_NOTIFICATIONS is not used: notifications are sent at once']);
    expect(problemsOf({ EMIT_INTERVAL_MS_NOTIFICATIONS: 'soon' })).toHaveLength(1);
  });

  test('of the hub `all` is refused, with the variable for every hub', () => {
    expect(problemsOf({ EMIT_INTERVAL_MS_ALL: '500' })).toEqual([
      expect.stringMatching(/^EMIT_INTERVAL_MS_ALL: .* EMIT_INTERVAL_MS is for every hub$/),
    ]);
  });

  test('counts as none where it is empty', () => {
    expect(load({ EMIT_INTERVAL_MS_CLAIMS: '' }).emission.intervalMsByHub).toEqual({});
    expect(load({ EMIT_INTERVAL_MS_NONE: '' }).emission.intervalMsByHub).toEqual({});
  });

  test('that makes no sense is named as it was set', () => {
    expect(problemsOf({ EMIT_INTERVAL_MS_CLAIMS: '100' })).toEqual([
      'EMIT_INTERVAL_MS_CLAIMS: read "100", which is not a whole number from 250 to 86400000',
    ]);
  });

  test.each(['EMIT_INTERVAL_MS_CLAIM', 'EMIT_INTERVAL_MS_claims', 'EMIT_INTERVAL_MS_'])(
    'of a hub that does not exist, %s, is refused with the hubs that do',
    (name) => {
      expect(problemsOf({ [name]: '1000' })).toEqual([
        `${name}: there is no such hub; the hubs are CLAIMS, FINANCIAL, NOTIFICATIONS`,
      ]);
    },
  );
});

describe('a configuration', () => {
  test('tells everything that makes no sense at once', () => {
    const environment = { PORT: 'x', LOG_LEVEL: 'loud', EMIT_UNCHANGED: 'maybe', DB_POOL_SIZE: '0', BI_ROLES: ',' };
    const names = problemsOf(environment).map((problem) => problem.split(':', 1)[0] ?? '');
    expect(names.sort()).toEqual(['BI_ROLES', 'DB_POOL_SIZE', 'EMIT_UNCHANGED', 'LOG_LEVEL', 'PORT']);
    expect(() => load(environment)).toThrow(/^PORT: .*\nDB_POOL_SIZE: /);
  });

  test('ignores variables of others', () => {
    expect(load({ PATH: '/bin', HOSTNAME: 'box', PORTS: 'x' })).toEqual(load());
  });

  test('leaves the other timings as they are', () => {
    const { timings } = load({ REFRESH_MAX_AGE: '5' });
    expect(timings).toEqual({ ...DEFAULT_TIMINGS, maxAgeMs: 5_000 });
  });

  test('is read from the process unless told otherwise', () => {
    const before = process.env.LOG_LEVEL;
    try {
      process.env.LOG_LEVEL = 'loud';
      expect(() => loadConfig(HUBS)).toThrow('LOG_LEVEL: read "loud"');
    } finally {
      if (before === undefined) delete process.env.LOG_LEVEL;
      else process.env.LOG_LEVEL = before;
    }
  });
});

test('a key to Rows.com without a spreadsheet stops the start, told where its id is', () => {
  expect(problemsOf({ ROWS_API_KEY: 'secret' })).toEqual([
    expect.stringMatching(
      /^ROWS_SPREADSHEET_ID: it is not set, but ROWS_API_KEY is; .*rows\.com\/<workspace>\/<name>-<id>/,
    ),
  ]);
  expect(problemsOf({ ROWS_API_KEY: 'secret', ROWS_SPREADSHEET_ID: 'a b' })).toHaveLength(1);
});

describe('every variable', () => {
  const variables = declaredVariables();

  test('is declared once, and changes the configuration as expected above', () => {
    const names = variables.flatMap(({ names }) => names);
    expect(names).toEqual([...new Set(names)]);
    expect(variables.map(({ names: [name] }) => name ?? '').sort()).toEqual(Object.keys(EXPECTATIONS).sort());
  });

  test('means the same under each of its names', () => {
    for (const { names } of variables) {
      const { of, good, besides, requiredBy } = EXPECTATIONS[names[0] ?? ''] ?? { of: () => null, good: [] };
      const [value, meaning] = good[0] ?? ['', null];
      const others = Object.fromEntries(
        Object.entries({ ...besides, ...requiredBy }).filter(([name]) => !names.includes(name)),
      );
      for (const name of names) expect(of(load({ ...others, [name]: value }))).toEqual(meaning);
    }
  });

  test('says in words what it is', () => {
    for (const { type, help } of variables) {
      expect(type.length).toBeGreaterThan(3);
      expect(help).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  test('that is secret is never shown', () => {
    const secret = variables.filter(({ isSecret = false }) => isSecret);
    expect(secret.map(({ names: [name] }) => name ?? '').sort()).toEqual([
      'ConnectionStrings__DefaultConnection',
      'DB_PASSWORD',
      'EXPORT_TOKEN',
      'Jwt__Key',
      'MONGO_CONNECTION_STRING',
      'NOTIFY_WEBHOOKS',
      'NOTIFY_WEBHOOK_SECRET',
      'NOTION_TOKEN',
      'REDIS_PASSWORD',
      'REDIS_URL',
      'ROWS_API_KEY',
    ]);
  });
});

test('only the config room reads the environment of the process', async () => {
  const source = new URL('../../src/', import.meta.url).pathname;
  const readers: string[] = [];
  for (const path of new Bun.Glob('**/*.{ts,tsx,mjs}').scanSync(source)) {
    const text = await Bun.file(source + path).text();
    if (
      /\bprocess\s*(?:\.|\[\s*['"])env\b|\bBun\.env\b|import\.meta\.env\b|\benv\b[^;]*from 'node:process'/.test(text)
    ) {
      readers.push(path);
    }
  }
  // The bundler replaces `process.env.NODE_ENV` in the page. Node runs the bootstrap before the program has a configuration.
  expect(readers.sort()).toEqual(['assets/bundle.ts', 'cli/bootstrap.mjs', 'config/environment.ts']);
});
