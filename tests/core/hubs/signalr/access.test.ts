import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import {
  connectSignalR,
  createSignalRClient,
  NAMED_WAYS,
  refusalOf,
  type SignalRClient,
  type SignalRClientOptions,
} from '../../../support/signalr-client.ts';
import { handshake, negotiate, negotiatedToken, openWire } from '../../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

const SECRET = 'a secret for tests, which is long enough';
const SECOND = 1_000;

let server: HubServer;

beforeEach(async () => {
  server = startHubServer({ ...figureFeatures('claims'), access: { secret: SECRET } });
  await server.supervisor.running[0]?.actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

function tokenFor(role: string, lifetime = '1h'): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('42')
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(SECRET));
}

/** Time passes while the client gives signs of life. */
async function pass(seconds: number, client: SignalRClient): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    server.advance(5 * SECOND);
    await client.invoke('SubscribeToClaims');
  }
}

describe.each(NAMED_WAYS)('access over %s', (_name, way) => {
  const optionsWith = (token: string): SignalRClientOptions => ({
    ...way,
    targets: [FIGURE],
    accessToken: () => token,
  });

  test('a token of the right role opens, one of another and none do not', async () => {
    const client = await connectSignalR(server.url, 'claims', optionsWith(await tokenFor('Admin')));
    await client.next(FIGURE);
    await client.invoke('SubscribeToClaims');
    await client.connection.stop();

    const refused = [await tokenFor('Student'), await tokenFor('Admin', '-1m'), 'nonsense', ''];
    for (const token of refused) {
      const { connection } = createSignalRClient(server.url, 'claims', optionsWith(token));
      expect(await refusalOf(connection.start())).toMatch(/40[13]|failed to connect|1002/i);
    }
    expect(server.hubs.load().connections).toBe(0);
  });

  test('the connection ends when its token expires, and a client with a new one is back', async () => {
    const tokens = [await tokenFor('Admin', '40s'), await tokenFor('Admin', '1h')];
    let token = tokens[0] ?? '';
    const client = await connectSignalR(server.url, 'claims', {
      ...way,
      targets: [FIGURE],
      accessToken: () => token,
      reconnectAfterMs: [0, 20, 100],
    });
    await client.next(FIGURE);
    await pass(35, client);
    expect(server.hubs.load().connections).toBe(1);
    const back = client.reconnected();
    token = tokens[1] ?? '';
    server.advance(6 * SECOND);
    await back;
    await client.next(FIGURE);
    expect(server.hubs.load().connections).toBe(1);
    await client.connection.stop();
  });

  test('without automatic reconnect the client learns why', async () => {
    const client = await connectSignalR(server.url, 'claims', optionsWith(await tokenFor('Admin', '40s')));
    await client.next(FIGURE);
    await pass(35, client);
    server.advance(6 * SECOND);
    expect((await client.closed)?.message).toContain('the access token has expired');
    expect(server.hubs.load().connections).toBe(0);
  });
});

test('a token that expires between negotiation and handshake opens nothing', async () => {
  const authorization = `Bearer ${await tokenFor('Admin', '10s')}`;
  const id = await negotiatedToken(server.url, 'claims', { authorization });
  const wire = await openWire(server.url, `/hubs/claims?id=${id}`, { authorization });
  server.advance(11 * SECOND);
  expect(await wire.next()).toEqual({ error: 'the access token has expired' });
  expect(await wire.closed).toMatchObject({ code: 1000 });
  expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
});

test('a token may stand in the query, the header or the cookie, and without one there is no negotiation', async () => {
  const token = await tokenFor('Admin');
  expect((await negotiate(server.url, 'claims', '')).status).toBe(401);
  expect((await negotiate(server.url, 'claims', `access_token=${await tokenFor('Student')}`)).status).toBe(403);
  expect((await negotiate(server.url, 'claims', `access_token=${token}`)).status).toBe(200);
  expect((await negotiate(server.url, 'claims', '', { cookie: `jwt=${token}` })).status).toBe(200);

  // As a browser does it: without negotiation, and no header can be set.
  const wire = await openWire(server.url, `/hubs/claims?access_token=${token}`);
  wire.send(handshake());
  expect(await wire.next()).toEqual({});
  expect(await wire.next()).toMatchObject({ type: 1, target: FIGURE });
  await wire.close();
});

test('a client that has the token of a connection needs its own permission to use it', async () => {
  const authorization = `Bearer ${await tokenFor('Admin')}`;
  const id = await negotiatedToken(server.url, 'claims', { authorization });
  for (const method of ['GET', 'POST', 'DELETE']) {
    expect((await fetch(`${server.url}/hubs/claims?id=${id}`, { method })).status).toBe(401);
  }
  expect((await fetch(`${server.url}/hubs/claims?id=${id}`, { headers: { authorization } })).status).toBe(200);
});

describe('a token that is over by the time of the hubs when the connection is made', () => {
  let authorization: string;

  beforeEach(async () => {
    authorization = `Bearer ${await tokenFor('Admin', '40s')}`;
    server.advance(41 * SECOND);
  });

  test.each(['protocol=json', 'protocol=signalr'])('leaves nothing of a WebSocket of ?%s behind', async (query) => {
    const wire = await openWire(server.url, `/hubs/claims?${query}`, { authorization });
    expect((await wire.closed).reason).toBe(query.endsWith('json') ? 'the access token has expired' : '');
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
  });

  test('leaves nothing of a negotiated connection behind', async () => {
    const id = await negotiatedToken(server.url, 'claims', { authorization });
    const poll = () => fetch(`${server.url}/hubs/claims?id=${id}`, { headers: { authorization } });
    expect((await poll()).status).toBe(200);
    expect(await (await poll()).text()).toContain('the access token has expired');
    expect((await poll()).status).toBe(204);
    server.advance(15 * SECOND);
    expect((await poll()).status).toBe(404);
  });
});
