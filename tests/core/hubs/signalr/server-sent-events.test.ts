import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { handshake, json } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';
import { type EventReader, negotiateRequests, type RequestConnection, readEvents } from './requests.ts';

const SECOND = 1_000;
const EVENTS = { headers: { accept: 'text/event-stream' } };

let server: HubServer;

beforeEach(async () => {
  server = startHubServer(figureFeatures('claims', 'users'));
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function open(): Promise<{ connection: RequestConnection; response: Response; events: EventReader }> {
  const connection = await negotiateRequests(server.url, 'claims');
  const response = await connection.get(EVENTS);
  const events = readEvents(response);
  expect(await events.piece()).toBe(':\r\n');
  return { connection, response, events };
}

async function openAndShakeHands() {
  const opened = await open();
  expect((await opened.connection.post(handshake())).status).toBe(200);
  const [answer, ...others] = await opened.events.records();
  expect(answer).toEqual({});
  const figure = others.length > 0 ? others : await opened.events.records();
  expect(figure).toMatchObject([{ type: 1, target: FIGURE }]);
  return opened;
}

describe('Server-Sent Events', () => {
  test('begin with a comment, in an answer that nobody may keep or gather', async () => {
    const { response, events } = await open();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    await events.cancel();
  });

  test.each(['TEXT/Event-Stream', 'text/event-stream; charset=utf-8', 'application/json, Text/Event-Stream;q=0.9'])(
    'are what Accept: %s asks for',
    async (accept) => {
      const connection = await negotiateRequests(server.url, 'claims');
      const response = await connection.get({ headers: { accept } });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      await response.body?.cancel();
    },
  );

  test('begin with the answers to what was posted before them', async () => {
    const connection = await negotiateRequests(server.url, 'claims');
    await connection.post(handshake());
    const events = readEvents(await connection.get(EVENTS));
    expect(await events.piece()).toStartWith(':\r\n');
    await connection.post(json({ type: 1, invocationId: '7', target: 'SubscribeToA', arguments: [] }));
    while (!JSON.stringify(await events.records()).includes('"7"'));
    await events.cancel();
  });

  test('carry the answers to what is posted', async () => {
    const { connection, events } = await openAndShakeHands();
    const answer = await connection.post(json({ type: 1, invocationId: '7', target: 'SubscribeToA', arguments: [] }));
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    const records: unknown[] = [];
    while (records.length < 2) records.push(...(await events.records()));
    expect(records).toMatchObject([{ target: 'SubscriptionConfirmed' }, { type: 3, invocationId: '7' }]);
    await events.cancel();
  });

  test('take a record that is split over posts, within a character', async () => {
    const { connection, events } = await openAndShakeHands();
    const bytes = Buffer.from(json({ type: 1, invocationId: 'é', target: 'SubscribeToA', arguments: [] }));
    const middle = bytes.indexOf('é') + 1;
    for (const half of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
      expect((await connection.post(Uint8Array.from(half))).status).toBe(200);
    }
    await events.records();
    expect(await events.records()).toEqual([{ type: 3, invocationId: 'é' }]);
    await events.cancel();
  });

  test('cannot carry MessagePack', async () => {
    const { connection, events } = await open();
    expect((await connection.post(handshake('messagepack'))).status).toBe(200);
    expect(await events.records()).toEqual([{ error: expect.stringContaining("does not support 'Binary'") }]);
    expect(await events.piece()).toBeUndefined();
    expect((await connection.post(handshake())).status).toBe(404);
  });

  test('a malformed record ends them, after a Close', async () => {
    const { connection, events } = await openAndShakeHands();
    expect((await connection.post('garbage\u001e')).status).toBe(200);
    expect(await events.records()).toEqual([{ type: 7, error: expect.stringContaining('not JSON') }]);
    expect(await events.piece()).toBeUndefined();
    expect((await connection.post(json({ type: 6 }))).status).toBe(404);
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
  });

  test('a client that goes is gone at once', async () => {
    const { connection, events } = await openAndShakeHands();
    expect(server.hubs.load().connections).toBe(1);
    await events.cancel();
    await until(() => server.hubs.load().connections === 0);
    expect((await connection.post(json({ type: 6 }))).status).toBe(404);
    expect(server.hubs.load()).toMatchObject({ following: 0, behind: 0 });
  });

  test('a ping comes each 15 s; a client that posts nothing for 30 s is gone', async () => {
    const { connection, events } = await openAndShakeHands();
    for (let step = 0; step < 6; step++) {
      server.advance(5 * SECOND);
      expect((await connection.post(json({ type: 6 }))).status).toBe(200);
    }
    expect(await events.records()).toEqual([{ type: 6 }]);
    expect(await events.records()).toEqual([{ type: 6 }]);
    server.advance(35 * SECOND);
    expect(server.hubs.load().connections).toBe(0);
    expect((await connection.post(json({ type: 6 }))).status).toBe(404);
  });

  test('cannot be ended with DELETE', async () => {
    const { connection, events } = await openAndShakeHands();
    expect((await connection.delete()).status).toBe(400);
    expect((await connection.post(json({ type: 6 }))).status).toBe(200);
    await events.cancel();
  });

  test('no handshake within 15 s', async () => {
    const { connection, events } = await open();
    server.advance(15 * SECOND);
    expect(await events.records()).toEqual([{ error: 'Handshake was canceled.' }]);
    expect(await events.piece()).toBeUndefined();
    expect((await connection.post(handshake())).status).toBe(404);
  });
});

describe('requests that name no connection of theirs', () => {
  test.each([
    ['GET', undefined, 426],
    ['POST', undefined, 400],
    ['DELETE', undefined, 400],
    ['GET', 'nothing', 404],
    ['POST', 'nothing', 404],
    ['DELETE', 'nothing', 404],
    ['GET', '', 404],
  ] as const)('%s of id %p: %i', async (method, id, status) => {
    const query = id === undefined ? '' : `?id=${id}`;
    const answer = await fetch(`${server.url}/hubs/claims${query}`, { method, ...EVENTS });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('problem+json');
  });

  test('of another hub: 404', async () => {
    const { connection, events } = await openAndShakeHands();
    const other = `${server.url}/hubs/users?id=${connection.id}`;
    expect((await fetch(other, { method: 'POST', body: json({ type: 7 }) })).status).toBe(404);
    expect((await fetch(other, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(other)).status).toBe(404);
    expect(server.hubs.load().connections).toBe(1);
    await events.cancel();
  });

  test('a body over 256 KiB: 413, told by its length or found while it comes', async () => {
    const { connection, events } = await openAndShakeHands();
    const body = 'x'.repeat(256 * 1024 + 1);
    expect((await connection.post(body)).status).toBe(413);
    const unsized = new Blob([body]).stream();
    const address = `${server.url}/hubs/claims?id=${connection.id}`;
    expect((await fetch(address, { method: 'POST', body: unsized })).status).toBe(413);
    expect((await connection.post(json({ type: 6 }))).status).toBe(200);
    await events.cancel();
  });
});
