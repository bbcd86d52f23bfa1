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
  const negotiated = await fetch(`${server.url}/hubs/claims/negotiate?negotiateVersion=1`, {
    method: 'POST',
    headers: { authorization },
  });
  const { connectionToken }: { connectionToken: string } = await negotiated.json();
  const socket = new WebSocket(`${server.url}/hubs/claims?id=${connectionToken}`, { headers: { authorization } });
  const ended = new Promise<readonly unknown[]>((resolve) => {
    const seen: unknown[] = [];
    socket.addEventListener('message', ({ data }) => seen.push(data));
    socket.addEventListener('close', ({ code }) => resolve([...seen, code]));
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  server.advance(11 * SECOND);
  expect(await ended).toEqual(['{"error":"the access token has expired"}\u001e', 1000]);
  expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
});
