import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { handshake, json, messagePack, recordsIn } from '../../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureOf, type ScriptedFeatures } from '../scripted-features.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';
import { negotiateRequests, type RequestConnection, sendWithin } from './requests.ts';

const INTERVAL_MS = 250;
const SECOND = 1_000;

let scripted: ScriptedFeatures<'claims'>;
let server: HubServer;

beforeEach(async () => {
  scripted = figureFeatures('claims');
  server = startHubServer({ ...scripted, intervalMs: INTERVAL_MS });
  await server.supervisor.running[0]?.actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A connection that has shaken hands, and fetched its initial events. */
async function open(protocol: 'json' | 'messagepack' = 'json'): Promise<RequestConnection> {
  const connection = await negotiateRequests(server.url, 'claims', sendWithin(server.hubs, 'claims'));
  expect(await connection.poll()).toEqual([]);
  expect((await connection.post(handshake(protocol))).status).toBe(200);
  const records = await connection.poll();
  while (!JSON.stringify(records).includes(FIGURE)) records.push(...(await connection.poll()));
  expect(records[0]).toEqual({});
  return connection;
}

async function emit(figure: number): Promise<void> {
  server.advance(INTERVAL_MS);
  const published = server.published('claims', ({ data }) => figureOf({ data }) === figure);
  scripted.scripts.claims.show(figure);
  await published;
}

const contentOf = async (answer: Response) => [answer.status, recordsIn(await answer.bytes())];
const invocation = (id: string) => json({ type: 1, invocationId: id, target: 'SubscribeToA', arguments: [] });
const stillThere = async (connection: RequestConnection) => (await connection.post(json({ type: 6 }))).status === 200;

describe('a poll', () => {
  test('the first is answered at once, empty; then each with what has gathered', async () => {
    const connection = await negotiateRequests(server.url, 'claims');
    const first = await connection.get();
    expect([first.status, await first.text()]).toEqual([200, '']);
    expect(first.headers.get('cache-control')).toContain('no-store');
    await connection.post(handshake());
    const second = await connection.get();
    expect(second.headers.get('content-type')).toBe('application/octet-stream');
    expect(recordsIn(await second.bytes())[0]).toEqual({});
    await connection.delete();
  });

  test('that comes after what was posted: a client may shake hands and ask before its first poll', async () => {
    const connection = await negotiateRequests(server.url, 'claims', sendWithin(server.hubs, 'claims'));
    const half = handshake().length / 2;
    const posts = [handshake().slice(0, half), handshake().slice(half), invocation('early'), invocation('too')];
    for (const piece of posts) expect((await connection.post(piece)).status).toBe(200);
    expect(await connection.poll()).toEqual([]);
    const records: unknown[] = [];
    while (!JSON.stringify(records).includes('"too"')) records.push(...(await connection.poll()));
    expect(records[0]).toEqual({});
    expect(records).toContainEqual({ type: 3, invocationId: 'early' });
    expect(await stillThere(connection)).toBe(true);
  });

  test('what is posted before it is bounded, and forgotten with its token', async () => {
    const connection = await negotiateRequests(server.url, 'claims', sendWithin(server.hubs, 'claims'));
    expect((await connection.post('x'.repeat(16 * 1024))).status).toBe(200);
    expect((await connection.post('x')).status).toBe(413);
    server.advance(15 * SECOND);
    expect((await connection.post('x')).status).toBe(404);
    expect((await connection.get()).status).toBe(404);
  });

  test('of a handshake that was refused before it', async () => {
    const connection = await negotiateRequests(server.url, 'claims', sendWithin(server.hubs, 'claims'));
    expect((await connection.post(json({ protocol: 'xml', version: 1 }))).status).toBe(200);
    expect(await connection.poll()).toEqual([]);
    expect(await connection.poll()).toEqual([{ error: "The protocol 'xml' is not supported." }]);
    expect((await connection.get()).status).toBe(204);
  });

  test('waits for what there is to say', async () => {
    const connection = await open();
    const poll = connection.poll();
    await emit(1);
    expect(await poll).toMatchObject([{ target: FIGURE, arguments: [{ value: 1, type: 'Auto' }] }]);
    await connection.post(invocation('a') + invocation('b'));
    const records: unknown[] = [];
    while (records.length < 4) records.push(...(await connection.poll()));
    expect(records).toMatchObject([{ type: 1 }, { invocationId: 'a' }, { type: 1 }, { invocationId: 'b' }]);
  });

  test('carries MessagePack as it is', async () => {
    const connection = await open('messagepack');
    await connection.post(messagePack([1, {}, 'a', 'SubscribeToA', [], []]));
    const records: unknown[] = [];
    while (records.length < 2) records.push(...(await connection.poll()));
    expect(records[1]).toEqual([3, {}, 'a', 2]);
  });

  test('with nothing to say is answered empty after 90 s, and not before: no ping disturbs it', async () => {
    const connection = await open();
    const poll = connection.get();
    server.advance(90 * SECOND - 1);
    expect(await Promise.race([poll, 'open'])).toBe('open');
    server.advance(1);
    const answer = await poll;
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    // Whoever polls is alive, however long it has nothing to say itself.
    for (let polls = 0; polls < 5; polls++) {
      const quiet = connection.get();
      server.advance(90 * SECOND);
      expect((await quiet).status).toBe(200);
    }
    expect(server.hubs.load().connections).toBe(1);
  });

  test('is answered with 204 when another takes its place, which gets what comes', async () => {
    const connection = await open();
    const first = connection.get();
    const second = connection.get();
    expect((await first).status).toBe(204);
    await connection.post(invocation('a'));
    expect(await contentOf(await second)).toEqual([200, [expect.objectContaining({ type: 1 })]]);
  });

  test('that the client gives up loses nothing', async () => {
    const connection = await open();
    const giveUp = new AbortController();
    const poll = connection.get({ signal: giveUp.signal });
    giveUp.abort();
    await poll;
    await connection.get({ signal: AbortSignal.abort() });
    await emit(1);
    expect(await connection.poll()).toMatchObject([{ arguments: [{ value: 1 }] }]);
  });
});

describe('a long-polling connection ends', () => {
  test('with DELETE: 202, a Close in the open poll, and 404 from then on', async () => {
    const connection = await open();
    const poll = connection.get();
    expect((await connection.delete()).status).toBe(202);
    expect(await contentOf(await poll)).toEqual([200, [{ type: 7 }]]);
    expect((await connection.get()).status).toBe(404);
    expect((await connection.post(json({ type: 6 }))).status).toBe(404);
    expect((await connection.delete()).status).toBe(404);
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
  });

  test('with a Close of the client and a DELETE behind it, as the .NET client leaves', async () => {
    const connection = await open();
    expect((await connection.post(json({ type: 7 }))).status).toBe(200);
    expect((await connection.delete()).status).toBe(202);
    expect((await connection.delete()).status).toBe(404);
    expect((await connection.get()).status).toBe(404);
  });

  test('between two polls too', async () => {
    const connection = await open();
    expect((await connection.delete()).status).toBe(202);
    expect((await connection.get()).status).toBe(404);
  });

  test('for its own fault: the next poll tells why, the one after it is answered with 204', async () => {
    const connection = await open();
    expect((await connection.post('garbage\u001e')).status).toBe(200);
    expect(await stillThere(connection)).toBe(false);
    expect(await connection.poll()).toEqual([{ type: 7, error: expect.stringContaining('not JSON') }]);
    expect((await connection.get()).status).toBe(204);
    server.advance(15 * SECOND);
    expect((await connection.get()).status).toBe(404);
  });

  test('with a Close of the client', async () => {
    const connection = await open();
    const poll = connection.get();
    await connection.post(json({ type: 7 }));
    expect(await contentOf(await poll)).toEqual([200, [{ type: 7 }]]);
    expect(server.hubs.load().connections).toBe(0);
  });

  test('when nobody polls for 15 s', async () => {
    const connection = await open();
    server.advance(15 * SECOND - 1);
    expect(await stillThere(connection)).toBe(true);
    server.advance(1);
    expect(await stillThere(connection)).toBe(false);
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
  });

  test('without a handshake within 15 s', async () => {
    const connection = await negotiateRequests(server.url, 'claims', sendWithin(server.hubs, 'claims'));
    await connection.poll();
    const poll = connection.poll();
    server.advance(15 * SECOND);
    expect(await poll).toEqual([{ error: 'Handshake was canceled.' }]);
  });
});

test('a client whose streams carry large snapshots gets the answers to what it asks meanwhile', async () => {
  const connection = await open();
  const streams = ['first', 'second'].map((id) => ({ type: 4, invocationId: id, target: 'StreamSnapshots' }));
  await connection.post(json(...streams));
  while (!JSON.stringify(await connection.poll()).includes('second'));
  scripted.scripts.claims.weigh(400_000);
  await emit(1);
  // The event has left, an item of a stream waits.
  expect(JSON.stringify(await connection.poll())).toContain('"value":1');
  await connection.post(invocation('a') + invocation('b'));
  const records: unknown[] = [];
  while (!JSON.stringify(records).includes('"invocationId":"b"')) records.push(...(await connection.poll()));
  expect(records).toContainEqual({ type: 3, invocationId: 'a' });
});

test('a client that polls slowly gets the newest, and what waits for it is one frame', async () => {
  const connection = await open();
  scripted.scripts.claims.weigh(100_000);
  for (let figure = 1; figure <= 20; figure++) {
    await emit(figure);
    expect(server.hubs.load().longestBacklogBytes).toBeLessThan(101_000);
  }
  expect(server.hubs.load()).toMatchObject({ following: 0, behind: 1 });
  expect(await connection.poll()).toMatchObject([{ arguments: [{ value: 1 }] }]);
  expect(await connection.poll()).toMatchObject([{ arguments: [{ value: 20 }] }]);
  expect(server.hubs.load()).toMatchObject({ following: 1, behind: 0 });
});
