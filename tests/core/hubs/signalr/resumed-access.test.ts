import { afterEach, beforeEach, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import { handshake, json, negotiated, openWire, type Wire } from '../../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureFeatures } from './figure-features.ts';

const SECRET = 'a secret for tests, which is long enough';
const SECOND = 1_000;
const CLOSE = { type: 7, error: expect.stringContaining('the access token has expired'), allowReconnect: true };

let server: HubServer;
let path: string;

beforeEach(async () => {
  server = startHubServer({ ...figureFeatures('claims'), access: { secret: SECRET } });
  await server.supervisor.running[0]?.actor.refresh();
  const query = 'negotiateVersion=1&useStatefulReconnect=true';
  const { connectionToken } = await negotiated(server.url, 'claims', query, await tokenOf('42', '40s'));
  path = `/hubs/claims?id=${connectionToken}`;
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function tokenOf(subject: string, lifetime: string): Promise<Record<string, string>> {
  const token = new SignJWT({ role: 'Admin' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setExpirationTime(lifetime);
  return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(SECRET))}` };
}

async function connect(subject: string, lifetime: string): Promise<Wire> {
  const wire = await openWire(server.url, path, await tokenOf(subject, lifetime));
  wire.send(handshake('json', 2));
  await wire.next((record) => JSON.stringify(record).includes('Initial'));
  return wire;
}

/** Comes back over another WebSocket, and takes in the number with which the server goes on. */
async function comeBack(subject: string, lifetime: string): Promise<Wire> {
  const wire = await openWire(server.url, path, await tokenOf(subject, lifetime));
  expect(await wire.next()).toMatchObject({ type: 9 });
  wire.send(json({ type: 9, sequenceId: 1 }));
  return wire;
}

/** Time passes while the client gives signs of life. */
async function pass(seconds: number, wire: Wire): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    server.advance(5 * SECOND);
    const invocationId = `${server.hubs.load().connections} ${passed} ${seconds}`;
    wire.send(json({ type: 1, invocationId, target: 'SubscribeToX', arguments: [] }));
    await wire.next((record) => JSON.stringify(record).includes(invocationId));
  }
}

test('a session that is resumed with a newer token ends when that one expires', async () => {
  await connect('42', '40s');
  const wire = await comeBack('42', '80s');
  await pass(60, wire);
  expect(server.hubs.load().connections).toBe(1);
  server.advance(25 * SECOND);
  expect(await wire.next((record) => JSON.stringify(record).includes('"type":7'))).toEqual(CLOSE);
  expect(server.hubs.load().connections).toBe(0);
});

test('a session that is resumed with a token that expires sooner ends with it', async () => {
  await connect('42', '40s');
  const wire = await comeBack('42', '20s');
  await pass(15, wire);
  server.advance(10 * SECOND);
  expect(await wire.next((record) => JSON.stringify(record).includes('"type":7'))).toEqual(CLOSE);
});

test('a session is not resumed with the token of another user, and goes on', async () => {
  const wire = await connect('42', '40s');
  await expect(openWire(server.url, path, await tokenOf('43', '40s'))).rejects.toThrow('refused');
  const upgrade = { ...(await tokenOf('43', '40s')), ...UPGRADE };
  expect((await fetch(server.url + path, { headers: upgrade })).status).toBe(403);
  await pass(5, wire);
});

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};
