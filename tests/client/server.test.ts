import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import type { Environment } from '../../src/client/environment.ts';
import {
  type AnySnapshot,
  type Client,
  type ClientOptions,
  type ConnectionState,
  createClient,
  ProblemError,
  UnreachableError,
} from '../../src/client/index.ts';
import { ClaimsData } from '../../src/features/claims/schemas.ts';
import { features } from '../../src/features/index.ts';
import { type CompanySources, companySources, startCompanyServer } from '../support/company-server.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { violations } from '../support/strict-schema.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { TestServer } from '../support/test-server.ts';
import { nextOf } from './until.ts';

const SECRET = 'a secret of at least thirty-two bytes';
/** Everything sooner than in earnest, in the same proportions. */
const SOON = {
  backoff: { baseMs: 20, limitMs: 200 },
  // A busy machine is no silent server.
  openWithinMs: 20_000,
  stableAfterMs: 200,
  pingAfterMs: 300,
  pongWithinMs: 20_000,
  wakePongWithinMs: 20_000,
  tokenCheckMs: 50,
} as const;

let open: Client[] = [];
afterEach(() => {
  for (const client of open) client.close();
  open = [];
});

function connect(baseUrl: string, options: ClientOptions = {}): Client {
  const client = createClient({ baseUrl, timings: SOON, ...options });
  open.push(client);
  client.connect();
  return client;
}

const isNamed =
  (name: ConnectionState['name']) =>
  (state: ConnectionState): boolean =>
    state.name === name;

describe('over a real connection', () => {
  let company: CompanySources;
  let server: TestServer;
  let proxy: TcpProxy;

  beforeAll(async () => {
    company = await companySources();
    server = await startCompanyServer(company);
    proxy = await startTcpProxy(server.url);
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
    expect(server.errors).toEqual([]);
  });

  test('a snapshot of every feature arrives, as its schema describes it', async () => {
    const client = createClient({ baseUrl: server.url });
    open.push(client);
    const all = Promise.all(features.map(({ name }) => nextOf(client, 'snapshot', ({ feature }) => feature === name)));
    client.connect();
    for (const snapshot of await all) {
      const feature = features.find(({ name }) => name === snapshot.feature);
      if (feature === undefined) throw new Error(snapshot.feature);
      expect(violations(feature.schema, snapshot.data)).toEqual([]);
      expect(snapshot).toMatchObject({ reason: 'Initial', status: 'live', unavailable: [] });
      expect(snapshot.seq).toBeGreaterThan(0);
    }
    expect(Object.keys(client.snapshots).sort()).toEqual(features.map(({ name }) => name).sort());
    expect(violations(ClaimsData, client.snapshots.claims?.data)).toEqual([]);
  });

  test('one hub alone sends its own', async () => {
    const client = connect(server.url, { hubs: ['users'] });
    const { feature } = await nextOf(client, 'snapshot');
    expect(feature).toBe('users');
    expect(server.hubs.statuses().find(({ hub }) => hub === 'users')?.connections).toBe(1);
    expect(client.snapshots.claims).toBeUndefined();
  });

  test('an update that is forced reaches everyone as Manual', async () => {
    const client = connect(server.url);
    await nextOf(client, 'snapshot', ({ feature }) => feature === 'support');
    const manual = nextOf(client, 'snapshot', ({ reason }) => reason === 'Manual');
    expect(await client.forceUpdate('content')).toEqual({ status: 'ok' });
    expect((await manual).feature).toBe('content');
  });

  test('a source that fails makes its features stale, and live again', async () => {
    const client = connect(server.url);
    await nextOf(client, 'snapshot', ({ feature }) => feature === 'storage');
    const stale = nextOf(client, 'status', ({ feature, status }) => feature === 'claims' && status === 'stale');
    const lost = nextOf(client, 'notification', ({ severity }) => severity === 'critical');
    company.failWith('the cable is out');
    await client.forceUpdate('claims');
    expect((await stale).reason).toContain('the cable is out');
    expect(client.snapshots.claims?.status).toBe('stale');
    expect((await lost).hub).toBe('all');
    const live = nextOf(client, 'status', ({ feature, status }) => feature === 'claims' && status === 'live');
    company.failWith(null);
    await live;
    expect(client.snapshots.claims?.status).toBe('live');
  });

  test('routes are asked by it too, and refusals are errors', async () => {
    const client = connect(server.url);
    const summary = await client.rest('/api/claims/summary');
    expect(summary.TotalClaims).toBe((await client.rest('/api/claims')).data.summary.TotalClaims);
    const refused = client.rest('/api/users/list?limit=0');
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'invalid-request' });
  });

  test('a connection that is cut comes back, and a snapshot is never older than the one before', async () => {
    const client = connect(proxy.url);
    const seen: AnySnapshot[] = [];
    client.on('snapshot', (snapshot) => seen.push(snapshot));
    for (let cut = 0; cut < 5; cut++) {
      await nextOf(client, 'snapshot', ({ feature }) => feature === 'storage');
      const waiting = nextOf(client, 'state', isNamed('waiting'));
      proxy.cut();
      await waiting;
    }
    await nextOf(client, 'state', isNamed('open'));
    for (const { name } of features) {
      const numbers = seen.filter(({ feature }) => feature === name).map(({ seq }) => seq);
      expect(numbers.length).toBeGreaterThan(4);
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    }
  });

  test('a connection that goes silent is left, and another is made', async () => {
    const client = connect(proxy.url, { timings: { ...SOON, pongWithinMs: 400 } });
    await nextOf(client, 'snapshot', ({ feature }) => feature === 'storage');
    const waiting = nextOf(client, 'state', isNamed('waiting'));
    const release = proxy.stall();
    await waiting;
    release();
    await nextOf(client, 'state', isNamed('open'));
  });

  test('a quiet connection is kept: the server answers each ping', async () => {
    const client = connect(server.url, { timings: { ...SOON, pingAfterMs: 20, pongWithinMs: 2_000 } });
    await nextOf(client, 'snapshot', ({ feature }) => feature === 'storage');
    const states: ConnectionState[] = [];
    client.on('state', (state) => states.push(state));
    await Bun.sleep(500);
    expect(states).toEqual([]);
  });

  test('a slow line is no silent server: a snapshot that takes longer than the silence arrives', async () => {
    const restore = proxy.slowDown(900);
    const client = connect(proxy.url, {
      hubs: ['content'],
      timings: { ...SOON, pongWithinMs: 6_000 },
    });
    const states: string[] = [];
    client.on('state', ({ name }) => states.push(name));
    expect((await nextOf(client, 'snapshot')).feature).toBe('content');
    restore();
    expect(states).toEqual(['open']);
  });

  test('a server that is not there is tried again and again, and found when it is back', async () => {
    proxy.forwardTo(null);
    // Connections over which routes were asked before are kept for the next.
    proxy.cut();
    const client = connect(proxy.url);
    let attempts = 0;
    await nextOf(client, 'state', ({ name }) => name === 'waiting' && ++attempts >= 4);
    await expect(client.rest('/api/claims')).rejects.toBeInstanceOf(UnreachableError);
    proxy.forwardTo(server.url);
    await nextOf(client, 'state', isNamed('open'));
  });
});

describe('another version', () => {
  test('is notified when a server of that version has replaced the previous one', async () => {
    const company = await companySources();
    const before = await startCompanyServer(company, { version: '1.0.0' });
    const proxy = await startTcpProxy(before.url);
    const client = connect(proxy.url);
    expect((await nextOf(client, 'about')).version).toBe('1.0.0');
    const after = await startCompanyServer(company.reopen(), { version: '1.1.0' });
    const changed = nextOf(client, 'version');
    proxy.forwardTo(after.url);
    await before.stop();
    expect(await changed).toEqual({ before: '1.0.0', now: '1.1.0' });
    client.close();
    await proxy.close();
    await after.stop();
  });
});

describe('with access control', () => {
  let server: TestServer;
  const sign = (expiresAt: Date, role = 'Admin') =>
    new SignJWT({ role })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(expiresAt)
      .sign(new TextEncoder().encode(SECRET));
  const inSeconds = (seconds: number) => new Date(Math.ceil(Date.now() / 1_000 + seconds) * 1_000);

  beforeAll(async () => {
    server = await startCompanyServer(await companySources(), { access: { secret: SECRET } });
  });
  afterAll(() => server.stop());

  test('a client without a token is refused, says what to send, and does not try again', async () => {
    const client = connect(server.url);
    const state = await nextOf(client, 'state', isNamed('refused'));
    expect(state).toMatchObject({ code: 401, words: 'Send a token: Authorization: Bearer <token>', attempt: 1 });
    await expect(client.rest('/api/claims')).rejects.toMatchObject({ status: 401, code: 'not-authenticated' });
    await Bun.sleep(5 * SOON.tokenCheckMs);
    expect(client.state).toEqual(state);
  });

  test('a token without the role is refused with the roles', async () => {
    const token = await sign(inSeconds(60), 'Customer');
    const client = connect(server.url, { token: () => token });
    const state = await nextOf(client, 'state', isNamed('refused'));
    expect(state).toMatchObject({ code: 403, words: expect.stringContaining('Admin') });
    expect(JSON.stringify(state)).not.toContain(token);
  });

  test('a page of an origin that may not connect is refused with the setting that would let it', async () => {
    const origin = 'https://bi.example.com';
    const fromPage: Partial<Environment> = {
      // As a browser does for a page of this origin: a GET of the page's own host has no Origin.
      fetch: (url, init) =>
        fetch(url, { ...init, ...(init.method === 'POST' ? { headers: { ...Object(init.headers), origin } } : {}) }),
      openSocket(url, { closed }) {
        const socket = new WebSocket(url, { headers: { origin } });
        socket.addEventListener('close', ({ code }) => closed(code));
        return { send: (text) => socket.send(text), abandon: () => socket.close() };
      },
    };
    const token = await sign(inSeconds(60));
    const client = connect(server.url, { token: () => token, environment: fromPage });
    const state = await nextOf(client, 'state', isNamed('refused'));
    expect(state).toMatchObject({ code: 403, words: expect.stringContaining('CORS_ORIGINS') });
  });

  test('a token is enough for hubs, routes and updates', async () => {
    const token = await sign(inSeconds(60));
    const client = connect(server.url, { token: async () => token });
    await nextOf(client, 'snapshot', ({ feature }) => feature === 'claims');
    expect((await client.rest('/api/about')).name).toBe('Greg BI');
    expect(await client.forceUpdate('claims')).toEqual({ status: 'ok' });
  });

  test('a token that expires is followed by the next one, without being refused', async () => {
    const expires = inSeconds(3);
    const [first, next] = await Promise.all([sign(expires), sign(inSeconds(60))]);
    const client = connect(server.url, { token: () => (Date.now() < expires.getTime() ? first : next) });
    const states: string[] = [];
    client.on('state', ({ name }) => states.push(name));
    await nextOf(client, 'state', isNamed('waiting'));
    await nextOf(client, 'state', isNamed('open'));
    expect(states).toEqual(['open', 'waiting', 'connecting', 'open']);
  });

  test('a token that expires and has no successor ends in words, and the next login ends that', async () => {
    let token = await sign(inSeconds(3));
    const client = connect(server.url, { token: () => token });
    await nextOf(client, 'state', isNamed('open'));
    const state = await nextOf(client, 'state', isNamed('refused'));
    expect(state).toMatchObject({ code: 'expired', words: 'The token has expired' });
    const opened = nextOf(client, 'state', isNamed('open'));
    token = await sign(inSeconds(60));
    await opened;
  });
});

describe('a server process that is killed and started again', () => {
  test('has its clients back, none of whose figures went back', async () => {
    await using state = await temporaryFolder();
    const environment = { STATE_DIR: state.path, DEMO_RATE: '20', EMIT_INTERVAL_MS: '250' };
    const start = async (): Promise<ServerProcess> => {
      const server = await startProcess(environment);
      await server.ready();
      return server;
    };
    const first = await start();
    const proxy = await startTcpProxy(first.url);
    const client = connect(proxy.url);
    const seen: AnySnapshot[] = [];
    client.on('snapshot', (snapshot) => seen.push(snapshot));
    await nextOf(client, 'snapshot', ({ reason }) => reason === 'Auto');

    const waiting = nextOf(client, 'state', isNamed('waiting'));
    first.signal('SIGKILL');
    await first.exited;
    await waiting;
    const before = seen.length;
    const second = await start();
    const opened = nextOf(client, 'state', isNamed('open'));
    proxy.forwardTo(second.url);
    await opened;
    await nextOf(client, 'snapshot', ({ reason }) => reason === 'Auto');
    expect(seen.length).toBeGreaterThan(before);
    for (const { name } of features) {
      const numbers = seen.filter(({ feature }) => feature === name).map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    }
    client.close();
    await proxy.close();
    second.signal('SIGTERM');
    expect(await second.exited).toBe(0);
  }, 60_000);
});
