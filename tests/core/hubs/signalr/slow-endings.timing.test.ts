import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../../../support/raw-websocket.ts';
import { openRawEvents, type RawEvents } from '../../../support/signalr-raw-events.ts';
import { handshake, json, negotiatedToken } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureOf, type ScriptedFeatures } from '../scripted-features.ts';
import { figureFeatures } from './figure-features.ts';

const INTERVAL_MS = 250;
const SECOND = 1_000;
const MIB = 1024 * 1024;
const SECRET = 'a secret for tests, which is long enough';

let scripted: ScriptedFeatures<'claims'>;
let server: HubServer;
let figure: number;
let authorization: string;

beforeEach(async () => {
  scripted = figureFeatures('claims');
  server = startHubServer({ ...scripted, intervalMs: INTERVAL_MS, access: { secret: SECRET } });
  await server.supervisor.running[0]?.actor.refresh();
  figure = 0;
  const token = new SignJWT({ role: 'Admin' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('60s');
  authorization = `Bearer ${await token.sign(new TextEncoder().encode(SECRET))}`;
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function emit(): Promise<void> {
  server.advance(INTERVAL_MS);
  figure++;
  const published = server.published('claims', ({ data }) => figureOf({ data }) === figure);
  scripted.scripts.claims.show(figure);
  await published;
}

/** Emits until the buffers in between are full and a frame waits in the server. */
async function fillUp(): Promise<void> {
  scripted.scripts.claims.weigh(MIB);
  while (server.hubs.load().behind === 0) {
    if (figure > 50) throw new Error('The buffers in between never fill up');
    await emit();
    // What has left the server is on its way while other things happen.
    await Bun.sleep(2);
  }
}

async function connectSocket(query: string): Promise<RawWebSocket> {
  const client = await openRawWebSocket(server.url, `/hubs/claims?${query}`, { headers: { authorization } });
  if (query.includes('signalr')) client.send(OPCODE.text, handshake());
  await client.waitFor(({ payload }) => payload.includes('Initial'));
  client.stopReading();
  return client;
}

interface EventClient extends RawEvents {
  post(body: string): Promise<number>;
}

async function connectEvents(): Promise<EventClient> {
  const id = await negotiatedToken(server.url, 'claims', { authorization });
  const path = `/hubs/claims?id=${id}`;
  const events = await openRawEvents(server.url, `${path}&access_token=${authorization.slice('Bearer '.length)}`);
  const post = async (body: string) =>
    (await fetch(server.url + path, { method: 'POST', body, headers: { authorization } })).status;
  expect(await post(handshake())).toBe(200);
  await events.waitFor('"Initial"');
  events.stopReading();
  return { ...events, post };
}

describe.each(['protocol=json', 'protocol=signalr'])('a WebSocket of ?%s that has stopped reading', (query) => {
  test('is cut off when its end was decided two seconds ago', async () => {
    const client = await connectSocket(query);
    await fillUp();
    void server.hubs.close();
    server.advance(2 * SECOND);
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
    client.readOn();
    await client.ended;
    expect(client.frames.some(({ opcode }) => opcode === OPCODE.close)).toBe(false);
  });

  test('gets what was sent before, and why it ends, when it reads on in time', async () => {
    const client = await connectSocket(query);
    await fillUp();
    void server.hubs.close();
    server.advance(SECOND);
    client.readOn();
    await client.waitFor(({ payload }) => payload.includes('"value":1,'));
    const close = await client.waitFor(({ opcode }) => opcode === OPCODE.close);
    expect(close.payload.readUInt16BE(0)).toBe(query.endsWith('json') ? 1001 : 1000);
    expect(close.payload.subarray(2).toString()).toBe('the server is stopping');
    await client.ended;
  });
});

describe('Server-Sent Events whose client has stopped reading', () => {
  test('cost one frame, and go on with the newest', async () => {
    const client = await connectEvents();
    await fillUp();
    for (let more = 0; more < 5; more++) {
      await emit();
      expect(server.hubs.load().longestBacklogBytes).toBeLessThan(MIB + 10_000);
    }
    expect(server.hubs.load()).toMatchObject({ following: 0, behind: 1 });
    for (let asked = 0; asked < 10; asked++) {
      expect(await client.post(json(...Array(100).fill({ type: 1, invocationId: '1', target: 'Nope' })))).toBe(200);
    }
    expect(server.hubs.load().longestBacklogBytes).toBeLessThan(MIB + 300 * 1024);
    client.readOn();
    await client.waitFor(`"value":${figure},`);
    await until(() => server.hubs.load().behind === 0);
    const seen = [...client.text().matchAll(/"value":(\d+),/g)].map(([, value]) => Number(value));
    expect(seen).toEqual([...new Set(seen)].toSorted((left, right) => left - right));
    expect(seen.length).toBeLessThan(figure);
    await until(() => client.text().split('"type":3').length > 1_000);
    client.destroy();
  });

  test('end with a reason when it asks without end', async () => {
    const client = await connectEvents();
    await fillUp();
    const questions = json(...Array(100).fill({ type: 1, invocationId: '1', target: 'Nope' }));
    for (let asked = 0; asked < 40 && server.hubs.load().connections > 0; asked++) await client.post(questions);
    expect(server.hubs.load().connections).toBe(0);
    expect(await client.post(questions)).toBe(404);
    client.readOn();
    await client.waitFor('too many answers wait unread');
    // The last of its chunks.
    await client.waitFor('\r\n0\r\n\r\n');
    client.destroy();
  });

  test('end when it gives no other sign of life, though it never reads', async () => {
    const client = await connectEvents();
    await fillUp();
    for (let step = 0; step < 7; step++) server.advance(5 * SECOND);
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0, longestBacklogBytes: 0 });
    client.readOn();
    await client.ended;
    expect(client.text()).not.toContain('"type":7');
  });

  test('are cut off when their end was decided two seconds ago', async () => {
    const client = await connectEvents();
    await fillUp();
    expect(await client.post('garbage\u001e')).toBe(200);
    expect(server.hubs.load().connections).toBe(0);
    server.advance(2 * SECOND);
    client.readOn();
    await client.ended;
    expect(client.text()).not.toContain('"type":7');
  });

  test('end with a Close when it reads on in time', async () => {
    const client = await connectEvents();
    await fillUp();
    expect(await client.post('garbage\u001e')).toBe(200);
    client.readOn();
    await client.waitFor('"type":7');
    client.destroy();
  });
});
