import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { checkSqlServer } from '../../src/cli/doctor/sql-server.ts';
import type { SqlServerSettings } from '../../src/core/feeds/sql-server/settings.ts';
import { acceptLocally } from '../support/accept-locally.ts';
import { emptyDatabase } from '../support/company-database.ts';
import {
  EVERY_COLUMN,
  type SqlServerEndpoint,
  type SqlServerEndpointOptions,
  serveSqlServer,
} from '../support/sql-server-endpoint.ts';
import { SIGNED_CERTIFICATES, TEST_AUTHORITY, TEST_CERTIFICATE } from '../support/tds/certificate.ts';

const closing: (() => Promise<unknown>)[] = [];
const { forLocalhost, forAnotherName, expired } = SIGNED_CERTIFICATES;

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(options: SqlServerEndpointOptions = {}): Promise<SqlServerEndpoint> {
  const server = await serveSqlServer(emptyDatabase(), options);
  closing.push(() => server.close());
  return server;
}

const look = (server: SqlServerEndpoint, overrides: Partial<SqlServerSettings> = {}) =>
  checkSqlServer(server.settings({ connectTimeoutMs: 15_000, ...overrides }), EVERY_COLUMN);

const among = (findings: readonly Finding[], what: string) => findings.find((finding) => finding.what === what);

/** A state, the doctor's finding, and the state after its advice was followed. */
interface Case {
  readonly options?: SqlServerEndpointOptions;
  readonly settings: Partial<SqlServerSettings>;
  readonly found: RegExp;
  readonly next: RegExp;
  /** The variables that the advice names, as they are read. */
  readonly followed: Partial<SqlServerSettings>;
}

describe('a server that does not let us in, and does once the advice is followed', () => {
  const trusting = { trustServerCertificate: true } as const;
  const cases: readonly (readonly [string, Case])[] = [
    [
      'a certificate that is signed by itself, its file given',
      {
        settings: { certificateAuthority: null },
        found: /signed by itself/,
        next: /name the file in DB_CA_FILE; or: DB_TRUST_SERVER_CERTIFICATE=true/,
        followed: { certificateAuthority: TEST_CERTIFICATE },
      },
    ],
    [
      'a certificate that is signed by itself, trusted',
      {
        settings: { certificateAuthority: null },
        found: /signed by itself/,
        next: /DB_TRUST_SERVER_CERTIFICATE=true/,
        followed: { certificateAuthority: null, ...trusting },
      },
    ],
    [
      'a certificate of an authority that is not known',
      {
        options: { certificate: forLocalhost },
        settings: { certificateAuthority: null },
        found: /of an authority that this machine does not know/,
        next: /PEM file of that authority in DB_CA_FILE/,
        followed: { certificateAuthority: TEST_AUTHORITY },
      },
    ],
    [
      'a certificate of another authority than the one that is given',
      {
        options: { certificate: forLocalhost },
        settings: { certificateAuthority: TEST_CERTIFICATE },
        found: /another authority than the one in DB_CA_FILE/,
        next: /PEM file of that authority in DB_CA_FILE/,
        followed: { certificateAuthority: TEST_AUTHORITY },
      },
    ],
    [
      'a certificate for another name',
      {
        options: { certificate: forAnotherName },
        settings: { certificateAuthority: TEST_AUTHORITY },
        found: /not for the name localhost/,
        next: /set DB_SERVER to the name that the certificate is for; or: DB_TRUST_SERVER_CERTIFICATE=true/,
        followed: { certificateAuthority: TEST_AUTHORITY, ...trusting },
      },
    ],
    [
      'a certificate that has expired',
      {
        options: { certificate: expired },
        settings: { certificateAuthority: TEST_AUTHORITY },
        found: /has expired/,
        next: /renew it at the server; until then: DB_TRUST_SERVER_CERTIFICATE=true/,
        followed: { certificateAuthority: TEST_AUTHORITY, ...trusting },
      },
    ],
    [
      'a server without encryption',
      {
        options: { encryption: 'off' },
        settings: {},
        found: /does not support encryption/,
        next: /set DB_ENCRYPT=false/,
        followed: { encryption: false },
      },
    ],
    [
      'a server that demands encryption',
      {
        settings: { encryption: false },
        found: /accepts encrypted connections only/,
        next: /^set DB_ENCRYPT=true$/,
        followed: { encryption: true },
      },
    ],
    [
      'strict encryption with an older server',
      {
        settings: { encryption: 'strict' },
        found: /closes the connection before it is encrypted/,
        next: /set DB_ENCRYPT=true/,
        followed: { encryption: true },
      },
    ],
    [
      'a port at which nothing listens',
      {
        settings: { port: 1 },
        found: /nothing listens at localhost:1/,
        next: /check DB_SERVER and DB_PORT/,
        followed: {},
      },
    ],
    [
      'a name that is not known',
      {
        settings: { server: 'no-such-host.invalid' },
        found: /no-such-host\.invalid cannot be resolved|no name server answers/,
        next: /DB_SERVER/,
        followed: {},
      },
    ],
    [
      'an instance of which nobody says the port',
      {
        settings: { instanceName: 'SQLEXPRESS', server: '127.0.0.1', connectTimeoutMs: 500 },
        found: /at which port the instance SQLEXPRESS listens/,
        next: /SQL Server Browser .* UDP port 1434 .*DB_SERVER=127\.0\.0\.1 and DB_PORT=/,
        followed: { server: '127.0.0.1' },
      },
    ],
    [
      'a password that is wrong',
      {
        options: {
          login: ({ password }) =>
            password === 'a Secret 1' ? null : { number: 18_456, message: 'Login failed.', severity: 14 },
        },
        settings: { password: 'another' },
        found: /the login greg_bi or its password is wrong/,
        next: /check DB_USER and DB_PASSWORD/,
        followed: {},
      },
    ],
    [
      'a database that is not there',
      {
        options: {
          login: ({ database }) =>
            database === 'Greg'
              ? null
              : [
                  { number: 4060, message: 'Cannot open database.', severity: 11 },
                  { number: 18_456, message: 'Login failed.', severity: 14 },
                ],
        },
        settings: { database: 'Gerg' },
        found: /there is no database Gerg, or greg_bi may not open it/,
        next: /check DB_NAME; .*db\/login\.sql/,
        followed: {},
      },
    ],
  ];
  test.each(cases)('%s', async (_, { options = {}, settings, found, next, followed }) => {
    const server = await serve(options);
    expect(await look(server, settings)).toEqual([
      {
        ...{ what: 'SQL Server', verdict: 'broken' },
        found: expect.stringMatching(found),
        next: expect.stringMatching(next),
      },
    ]);
    expect(among(await look(server, followed), 'SQL Server')).toMatchObject({ verdict: 'ok' });
  });

  test.each([
    ['silent', () => {}, { found: /did not answer within 500 ms/, next: /TCP port \d+ through every firewall/ }],
    ['no SQL Server', (socket: Socket) => socket.end(), { found: /closes the connection/, next: /check DB_PORT/ }],
  ] as const)('a port that is %s', async (_, answer, expected) => {
    await using other = await acceptLocally(answer);
    const [finding] = await look(await serve(), { port: other.port, connectTimeoutMs: 500 });
    expect(finding?.found).toMatch(expected.found);
    expect(finding?.next).toMatch(expected.next);
  });

  test.each([
    [18_452, /accepts Windows logins only/, /mixed mode/],
    [18_470, /greg_bi is disabled/, /^alter login \[greg_bi\] enable$/],
    [18_486, /locked/, /unlock/],
    [18_487, /password of greg_bi has expired/, /alter login \[greg_bi\] with password/],
    [18_488, /password of greg_bi has to be changed/, /DB_PASSWORD/],
    [4064, /default database/, /default_database/],
    [40_615, /firewall of Azure SQL/, /firewall rules/],
    [17_892, /refuses the login/, /DB_USER/],
  ])('a login that is refused with error %d', async (number, found, next) => {
    const server = await serve({ login: () => ({ number, message: 'No.', severity: 14 }) });
    const [finding, ...others] = await look(server);
    expect(others).toEqual([]);
    expect(finding?.verdict).toBe('broken');
    expect(finding?.found).toMatch(found);
    expect(finding?.next).toMatch(next);
  });
});

/** What is said of a server in a state, and once the advice was followed there. */
async function before(
  what: string,
  make: (server: SqlServerEndpoint) => void,
  follow: (server: SqlServerEndpoint) => void,
) {
  const server = await serve();
  make(server);
  const found = among(await look(server), what);
  follow(server);
  return { found, after: among(await look(server), what) };
}

describe('what a server lets us do, and what it is', () => {
  test('is in order, every line of it', async () => {
    const findings = await look(await serve());
    expect(findings.map(({ what, verdict }) => `${what}: ${verdict}`)).toEqual([
      'SQL Server: ok',
      'SQL Server version: ok',
      'SQL Server clock: ok',
      'SQL Server snapshots: ok',
      'SQL Server permissions: ok',
      'SQL Server Change Tracking: ok',
    ]);
  });

  test('encryption that is off, and a certificate that is not checked, are told', async () => {
    const clear = await look(await serve({ encryption: 'off' }), { encryption: false });
    expect(among(clear, 'SQL Server encryption')).toMatchObject({ verdict: 'warning', next: 'set DB_ENCRYPT=true' });
    const trusted = await look(await serve(), { trustServerCertificate: true });
    expect(among(trusted, 'SQL Server certificate')).toMatchObject({
      verdict: 'warning',
      next: 'give DB_CA_FILE, and unset DB_TRUST_SERVER_CERTIFICATE',
    });
  });

  test.each(['Payments INSERT', 'Claims UPDATE', 'Files DELETE', 'AspNetUsers ALTER'])('%s', async (permission) => {
    const [table = '', name = ''] = permission.split(' ');
    const { found, after } = await before(
      'SQL Server permissions',
      ({ abilities }) => abilities.granted.add(permission),
      ({ abilities }) => abilities.granted.clear(),
    );
    expect(found).toMatchObject({
      ...{ verdict: 'warning', next: expect.stringContaining('db/login.sql') },
      found: `greg_bi may ${name} on dbo.${table}, which is never needed`,
    });
    expect(after).toMatchObject({ verdict: 'ok' });
  });

  test.each(['sysadmin', 'db_owner'] as const)('a login that is %s', async (role) => {
    const { found, after } = await before(
      'SQL Server permissions',
      ({ abilities }) => {
        abilities.role = role;
      },
      ({ abilities }) => {
        abilities.role = null;
      },
    );
    expect(found).toMatchObject({ verdict: 'warning', found: `greg_bi is ${role}, which may change everything` });
    expect(after).toMatchObject({ verdict: 'ok' });
  });

  test('a server that does not tell of permissions, snapshots, its version and its clock', async () => {
    const server = await serve({
      interfere: ({ sql }) =>
        sql.includes('sysutcdatetime') ? { error: { number: 195, message: 'Not a function.' } } : undefined,
    });
    server.abilities.tellsOfPermissions = false;
    server.abilities.version = null;
    const findings = await look(server);
    for (const what of ['permissions', 'snapshots', 'version', 'clock']) {
      const finding = among(findings, `SQL Server ${what}`);
      expect(finding).toMatchObject({
        verdict: 'warning',
        found: expect.stringMatching(/is unknown|could not be read/),
      });
      expect(finding?.next).not.toBeNull();
    }
  });

  test.each([
    ['Microsoft SQL Server 2014 (SP3) - 12.0.6024.0 (X64)', 'broken'],
    ['Microsoft SQL Server 2008 R2 (SP3) - 10.50', 'broken'],
    ['Microsoft SQL Server 2016 (SP3) - 13.0.6300.2 (X64)', 'ok'],
    ['Microsoft SQL Azure (RTM) - 12.0.2000.8', 'ok'],
  ] as const)('%s', async (version, verdict) => {
    const server = await serve();
    server.abilities.version = version;
    expect(among(await look(server), 'SQL Server version')).toMatchObject({ verdict, found: version });
  });

  test('a clock that is ahead', async () => {
    const { found, after } = await before(
      'SQL Server clock',
      ({ abilities }) => {
        abilities.clockAheadMs = 60_000;
      },
      ({ abilities }) => {
        abilities.clockAheadMs = 0;
      },
    );
    expect(found).toMatchObject({
      ...{ verdict: 'warning', found: expect.stringContaining('ahead'), next: expect.stringContaining('NTP') },
    });
    expect(after).toMatchObject({ verdict: 'ok' });
  });

  test('snapshots that are not allowed', async () => {
    const { found, after } = await before(
      'SQL Server snapshots',
      ({ abilities }) => {
        abilities.snapshot = false;
      },
      ({ abilities }) => {
        abilities.snapshot = true;
      },
    );
    expect(found).toMatchObject({
      ...{ verdict: 'warning', next: 'alter database Greg set allow_snapshot_isolation on' },
    });
    expect(after).toMatchObject({ verdict: 'ok' });
  });
});

describe('how changes can be learned of', () => {
  const tracking = (to: 'on' | 'off' | 'partly' | 'denied' | 'unknown') => (server: SqlServerEndpoint) => {
    server.abilities.changeTracking = to;
  };

  test.each([
    [
      'off',
      'is off for Greg',
      /alter database Greg set change_tracking = on .*alter table dbo\.Claims enable change_tracking/,
    ],
    ['partly', 'is off for Payments', /^alter table dbo\.Payments enable change_tracking$/],
    ['denied', 'may not be read for', /grant view change tracking on dbo\.Claims to greg_bi/],
  ] as const)('Change Tracking that is %s', async (state, words, next) => {
    const { found, after } = await before('SQL Server Change Tracking', tracking(state), tracking('on'));
    expect(found).toMatchObject({
      ...{ verdict: 'warning', found: expect.stringContaining(words), next: expect.stringMatching(next) },
    });
    expect(after).toMatchObject({ verdict: 'ok', found: 'is on for Greg and every table' });
  });

  test('a server without Change Tracking', async () => {
    const server = await serve();
    tracking('unknown')(server);
    const findings = await look(server);
    expect(among(findings, 'SQL Server Change Tracking')).toMatchObject({ found: 'this server does not have it' });
    expect(among(findings, 'SQL Server usage statistics')).toMatchObject({ verdict: 'ok' });
  });

  test.each([
    ['Microsoft SQL Server 2022 (RTM)', 'grant view server performance state to greg_bi'],
    ['Microsoft SQL Server 2019 (RTM)', 'grant view server state to greg_bi'],
    ['Microsoft SQL Azure (RTM)', 'grant view database state to greg_bi'],
  ])('usage statistics that may not be looked at, on %s', async (version, grant) => {
    const { found, after } = await before(
      'SQL Server usage statistics',
      (server) => {
        tracking('off')(server);
        server.abilities.usageStatistics = 'denied';
        server.abilities.version = version;
      },
      ({ abilities }) => {
        abilities.usageStatistics = 'on';
      },
    );
    expect(found).toMatchObject({ verdict: 'warning', next: expect.stringContaining(grant) });
    expect(after).toMatchObject({ verdict: 'ok' });
  });

  test('a server that has neither', async () => {
    const server = await serve();
    tracking('unknown')(server);
    server.abilities.usageStatistics = 'unknown';
    expect(among(await look(server), 'SQL Server usage statistics')).toMatchObject({
      ...{ verdict: 'warning', found: expect.stringContaining('does not have them') },
      next: expect.stringContaining('CHANGE_INTERVAL_MS'),
    });
  });
});

test('a server that is lost while it is asked ends what was found with that', async () => {
  let isLost = false;
  const server = await serve({
    interfere: ({ sql }) =>
      isLost && sql.includes('has_perms_by_name')
        ? { error: { number: 596, message: 'The session is in the kill state.', severity: 21 } }
        : undefined,
  });
  isLost = true;
  const findings = await look(server);
  expect(findings.at(-1)).toMatchObject({ what: 'SQL Server questions', verdict: 'broken' });
  expect(findings[0]).toMatchObject({ what: 'SQL Server', verdict: 'ok' });
});
