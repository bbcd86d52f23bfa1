import { afterEach, describe, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { checkMongo } from '../../src/cli/doctor/mongo.ts';
import type { MongoSettings } from '../../src/core/feeds/mongo/settings.ts';
import { acceptLocally } from '../support/accept-locally.ts';
import { listenLocally } from '../support/listen-locally.ts';
import { type MongoEndpointOptions, startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { SIGNED_CERTIFICATES, TEST_CERTIFICATE, TEST_KEY } from '../support/tds/certificate.ts';

const CERTIFICATES = join(import.meta.dir, '../support/tds');
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(options: MongoEndpointOptions = {}) {
  const server = await startMongoEndpoint({ collections: { support_tickets: [] }, ...options });
  closing.push(() => server.close());
  return server;
}

function look(connectionString: string, settings: Partial<MongoSettings> = {}) {
  return checkMongo({
    ...{ connectionString, database: 'Support', readPreference: null, readConcern: null },
    ...{ connectTimeoutMs: 500, poolSize: 2, changeIntervalMs: 1_000 },
    ...settings,
  });
}

const first = async (connectionString: string) => (await look(connectionString))[0];

/** What a server says in the state, and once the advice was followed. */
async function followed(wrong: string, right: string, found: RegExp, next: RegExp) {
  expect(await look(wrong)).toEqual([
    {
      ...{ what: 'MongoDB', verdict: 'broken' },
      found: expect.stringMatching(found),
      next: expect.stringMatching(next),
    },
  ]);
  expect(await first(right)).toMatchObject({ what: 'MongoDB', verdict: 'ok' });
}

describe('a MongoDB that cannot be reached, and can once the advice is followed', () => {
  test('at a port at which nothing listens', async () => {
    const { port } = await serve();
    const at = (each: number) => `mongodb://127.0.0.1:${each}/`;
    await followed(at(1), at(port), /nothing listens/, /start mongod, and check host and port/);
  });

  test('under a name that is not known', async () => {
    const { port } = await serve();
    const at = (host: string) => `mongodb://${host}:${port}/`;
    await followed(
      at('no-such-host.invalid'),
      at('127.0.0.1'),
      /cannot be resolved|no name server/,
      /MONGO_CONNECTION_STRING/,
    );
  });

  test.each(['', '&directConnection=true'])('with the name of another replica set%s', async (more) => {
    const { port } = await serve();
    const of = (name: string) => `mongodb://127.0.0.1:${port}/?replicaSet=${name}${more}`;
    await followed(of('other'), of('rs0'), /its replica set is rs0, not other/, /^write replicaSet=rs0 in/);
  });

  test('that is stand-alone, where a replica set is asked for', async () => {
    const { port } = await serve({ replicaSet: null });
    const at = (query: string) => `mongodb://127.0.0.1:${port}/${query}`;
    await followed(at('?replicaSet=rs0'), at(''), /stand-alone/, /remove replicaSet=rs0 from .*--replSet rs0/);
  });

  test('whose members have names that are not known here', async () => {
    const { port } = await serve({ members: ['mongo1.invalid:27017'] });
    const at = (query: string) => `mongodb://127.0.0.1:${port}/${query}`;
    await followed(at(''), at('?directConnection=true'), /named mongo1\.invalid:27017/, /directConnection=true/);
  });

  test('with a user or password that is wrong', async () => {
    const server = await serve();
    const refusal = { code: 18, codeName: 'AuthenticationFailed', message: 'Authentication failed.' };
    server.failNext('saslStart', refusal, 20);
    const url = `mongodb://u:wrong-Secret@127.0.0.1:${server.port}/?directConnection=true`;
    const finding = await first(url);
    expect(finding).toMatchObject({
      ...{ verdict: 'broken', found: 'the user or the password is wrong', next: expect.stringContaining('authSource') },
    });
    expect(JSON.stringify(finding)).not.toContain('wrong-Secret');
  });

  test('that is silent', async () => {
    const silent = await listen(() => {});
    expect(await first(`mongodb://127.0.0.1:${silent}/`)).toMatchObject({
      ...{ verdict: 'broken', found: 'it did not answer within 500 ms', next: expect.stringContaining('firewall') },
    });
  });

  test('with a connection string that cannot be read', async () => {
    const finding = await first('mongodb://u:a-Secret@host:27017/?noSuchOption=1');
    expect(finding).toMatchObject({ verdict: 'broken', found: expect.stringContaining('an option after the ?') });
    expect(JSON.stringify(finding)).not.toContain('a-Secret');
  });
});

describe('TLS', () => {
  test.each([
    ['signed by itself', TEST_CERTIFICATE, 'test-certificate', /signed by itself, or by an authority/, /tlsCAFile=/],
    [
      'of an authority that is not known',
      SIGNED_CERTIFICATES.forLocalhost,
      'authority-certificate',
      /authority that this machine does not know/,
      /tlsCAFile=/,
    ],
  ] as const)('a certificate that is %s', async (_, certificate, authority, found, next) => {
    const at = await encrypted(certificate);
    const tlsOn = `mongodb://127.0.0.1:${at}/?directConnection=true&tls=true`;
    await followed(tlsOn, `${tlsOn}&tlsCAFile=${join(CERTIFICATES, `${authority}.pem`)}`, found, next);
    expect(await first(`${tlsOn}&tlsAllowInvalidCertificates=true`)).toMatchObject({ verdict: 'ok' });
  });

  test.each([
    [
      'that has expired',
      'expired',
      /has expired/,
      /tlsAllowInvalidCertificates=true/,
      '&tlsAllowInvalidCertificates=true',
    ],
    [
      'for another name',
      'forAnotherName',
      /for another name/,
      /tlsAllowInvalidHostnames=true/,
      '&tlsAllowInvalidHostnames=true',
    ],
  ] as const)('a certificate %s', async (_, kind, found, next, advice) => {
    const at = await encrypted(SIGNED_CERTIFICATES[kind]);
    const authority = join(CERTIFICATES, 'authority-certificate.pem');
    const url = `mongodb://127.0.0.1:${at}/?directConnection=true&tls=true&tlsCAFile=${authority}`;
    await followed(url, `${url}${advice}`, found, next);
  });

  test('that the server demands', async () => {
    const at = await encrypted(TEST_CERTIFICATE);
    const url = `mongodb://127.0.0.1:${at}/?directConnection=true`;
    const trusted = `${url}&tls=true&tlsAllowInvalidCertificates=true`;
    await followed(url, trusted, /closes every connection at once/, /add tls=true/);
  });

  test('that the server does not have', async () => {
    const { port } = await serve();
    const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
    await followed(`${url}&tls=true`, url, /closes the connection before it is encrypted/, /remove tls=true from/);
  });
});

describe('what may be read', () => {
  const unauthorized = { code: 13, codeName: 'Unauthorized', message: 'not authorized' };
  const permissions = async (url: string) => (await look(url)).find(({ what }) => what === 'MongoDB permissions');

  test('nothing without the role, and everything with it', async () => {
    const server = await serve();
    server.failNext('find', unauthorized, 2);
    expect(await permissions(server.url)).toMatchObject({
      ...{
        verdict: 'broken',
        found: expect.stringContaining('support_tickets, logs in Support cannot be read without a login'),
      },
      next: expect.stringContaining('user and a password'),
    });
    expect(await permissions(server.url)).toEqual({
      ...{ what: 'MongoDB permissions', verdict: 'ok', found: 'database Support may be read', next: null },
    });
  });

  test('of a user that has no role, the grant is written out', async () => {
    const server = await serve({ takesAnyPassword: true });
    server.failNext('find', unauthorized, 2);
    expect(
      await permissions(`mongodb://u:p@127.0.0.1:${server.port}/?directConnection=true&authMechanism=PLAIN`),
    ).toMatchObject({
      ...{ verdict: 'broken', found: 'this user may not read support_tickets, logs in Support' },
      next: 'db.getSiblingDB("Support").grantRolesToUser("<user>", [{ role: "read", db: "Support" }])',
    });
  });
});

async function listen(take: (socket: Socket) => void): Promise<number> {
  const acceptor = await acceptLocally(take);
  closing.push(() => acceptor[Symbol.asyncDispose]());
  return acceptor.port;
}

/** A MongoDB behind TLS. @returns the port */
async function encrypted(cert: string): Promise<number> {
  const { port } = await serve();
  const gate = tls.createServer({ cert, key: TEST_KEY }, (secure) => {
    const plain = connect(port, '127.0.0.1');
    for (const socket of [secure, plain]) socket.on('error', () => {});
    secure.on('close', () => plain.destroy());
    plain.on('close', () => secure.destroy());
    secure.pipe(plain).pipe(secure);
  });
  gate.on('tlsClientError', () => {});
  closing.push(() => gate.close());
  return listenLocally(gate);
}
