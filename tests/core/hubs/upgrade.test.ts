import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { once } from 'node:events';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { connectHub } from '../../support/hub-client.ts';
import { upgradeRequest } from '../../support/raw-request.ts';
import { openRawWebSocket } from '../../support/raw-websocket.ts';
import { negotiatedToken } from '../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { scriptFeatures } from './scripted-features.ts';

const SECRET = 'a secret for tests, which is long enough';
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

let open: HubServer;
let guarded: HubServer;

beforeAll(() => {
  open = startHubServer(scriptFeatures('claims', 'users'));
  guarded = startHubServer({ ...scriptFeatures('claims', 'users'), access: { secret: SECRET } });
});

afterAll(async () => {
  for (const server of [open, guarded]) {
    await server.stop();
    expect(server.errors).toEqual([]);
  }
});

function token(claims: Readonly<Record<string, unknown>>, lifetime = '1h', secret = SECRET): Promise<string> {
  const key = new TextEncoder().encode(secret);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('42')
    .setExpirationTime(lifetime)
    .sign(key);
}

/** The refusal of an upgrade, as a client that asks for one gets it. */
async function refusal(server: HubServer, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}${path}`, { headers: { ...UPGRADE, ...headers } });
  const problem: unknown = await answer.json();
  return { status: answer.status, type: answer.headers.get('content-type'), problem };
}

describe('the way in', () => {
  test.each(['nothing', 'claims%20', '__proto__', 'toString', 'klaims-and-more'])('there is no hub %s', async (hub) => {
    const { status, type, problem } = await refusal(open, `/hubs/${hub}`);
    expect({ status, type }).toEqual({ status: 404, type: 'application/problem+json' });
    const detail = expect.stringContaining('the hubs are claims, users, notifications, all');
    expect(problem).toMatchObject({ status: 404, detail });
    await expect(connectHub(open.url, hub)).rejects.toThrow('refused');
  });

  test.each([
    ['claim', 'claims'],
    ['Klaims', 'claims'],
    ['USER', 'users'],
    ['clamis', 'claims'],
    ['al-l', 'all'],
    ['notification', 'notifications'],
  ])('a request for the hub %s gets the suggestion %s', async (written, meant) => {
    const { problem } = await refusal(open, `/hubs/${written}`);
    const words = `There is no hub ${written} (did you mean ${meant}?)`;
    expect(problem).toMatchObject({ status: 404, detail: expect.stringContaining(words) });
    const negotiation = await fetch(`${open.url}/hubs/${written}/negotiate`, { method: 'POST' });
    expect(await negotiation.json()).toMatchObject({ status: 404, detail: expect.stringContaining(words) });
  });

  test.each([
    ['Claims', 'claims'],
    ['USERS', 'users'],
    ['aLL', 'all'],
    ['Notifications', 'notifications'],
  ])('a hub may be written %s', async (written, hub) => {
    const client = await connectHub(open.url, written);
    expect(await client.next()).toMatchObject({ type: 'Connected', hub });
    await client.close();
  });

  test('a subprotocol that a client offers is not chosen, and not sent back', async () => {
    const token = await negotiatedToken(open.url, 'claims');
    for (const query of ['', `?id=${token}`]) {
      const { head, end } = await upgradeHead(open.url, `/hubs/claims${query}`, 'graphql-ws, mqtt');
      expect(head).toStartWith('HTTP/1.1 101');
      expect(head.toLowerCase()).not.toContain('sec-websocket-protocol');
      end();
    }
  });

  test.each(['claims', 'users', 'all'])(
    'a plain GET of %s is answered with a hint to open a WebSocket',
    async (hub) => {
      const answer = await fetch(`${open.url}/hubs/${hub}`);
      expect(answer.status).toBe(426);
      expect(answer.headers.get('upgrade')).toBe('websocket');
      expect(await answer.json()).toMatchObject({ status: 426, instance: `/hubs/${hub}` });
    },
  );

  test('a page of a foreign origin may not connect', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      'http://localhost:5173.evil.example',
      'https://localhost:5173',
    ]) {
      expect(await refusal(open, '/hubs/claims', { origin })).toMatchObject({ status: 403 });
      await expect(openRawWebSocket(open.url, '/hubs/claims', { headers: { origin } })).rejects.toThrow('403');
    }
  });

  test.each([['http://localhost:5173'], ['a page of our own'], [undefined]])('origin %p may', async (origin) => {
    const headers = origin === undefined ? {} : { origin: origin.startsWith('http') ? origin : open.url };
    const client = await connectHub(open.url, 'claims', headers);
    expect(await client.next()).toMatchObject({ type: 'Connected' });
    await client.close();
  });
});

/** The head of the answer to an upgrade, as it stands on the wire. */
async function upgradeHead(url: string, path: string, subprotocols: string) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(upgradeRequest(path, { 'sec-websocket-protocol': subprotocols }));
  let head = '';
  while (!head.includes('\r\n\r\n')) head += String((await once(socket, 'data'))[0]);
  return { head, end: () => socket.destroy() };
}

describe('with a secret', () => {
  test('nobody gets in without a token that is valid and has the role', async () => {
    const refused = [
      [{}, 401],
      [{ authorization: 'Bearer nonsense' }, 401],
      [
        { authorization: `Bearer ${await token({ role: 'Admin' }, '1h', 'another secret, which is long enough')}` },
        401,
      ],
      [{ authorization: `Bearer ${await token({ role: 'Admin' }, '-1m')}` }, 401],
      [{ authorization: `Bearer ${await token({ role: 'Student' })}` }, 403],
    ] as const;
    for (const [headers, status] of refused) {
      expect(await refusal(guarded, '/hubs/claims', headers)).toMatchObject({ status });
    }
  });

  test('a token is taken from the header, the query or the cookie', async () => {
    const admin = await token({ role: 'Admin' });
    const ways = [
      connectHub(guarded.url, 'all', { authorization: `Bearer ${admin}` }),
      connectHub(guarded.url, `all?protocol=json&access_token=${admin}`),
      connectHub(guarded.url, 'all', { cookie: `theme=dark; jwt=${admin}` }),
    ];
    for (const client of await Promise.all(ways)) {
      expect(await client.next()).toMatchObject({ type: 'Connected', hub: 'all' });
      await client.close();
    }
  });

  test('the connection is closed with 4001 when its token expires, and not before', async () => {
    const headers = { authorization: `Bearer ${await token({ role: 'Admin' }, '40s')}` };
    const client = await connectHub(guarded.url, 'claims', headers);
    guarded.advance(30_000);
    client.send({ type: 'Ping' });
    expect(await client.nextOf('Pong')).toBeDefined();
    guarded.advance(15_000);
    expect(await client.closed).toEqual({ code: 4001, reason: 'the access token has expired' });
    expect(guarded.hubs.load().connections).toBe(0);
  });
});
