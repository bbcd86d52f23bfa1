import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { createVolatileStore } from '../../../src/core/store/volatile-store.ts';
import { RESTORED } from '../../../src/core/store/warm-start.ts';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { noticedFeatures } from './noticed-features.ts';
import type { ScriptedFeatures } from './scripted-features.ts';

const SINCE = Date.UTC(2026, 10, 27, 12);
const STALE = { status: 'stale', since: new Date(SINCE).toISOString(), reason: RESTORED };
const LIVE = { type: 'Status', hub: 'claims', status: 'live', since: null, reason: null };

const content = { data: { value: 9, filler: '' }, unavailable: [], problems: [] };
const restored: Snapshot = {
  ...content,
  ...{ feature: 'claims', seq: 41, generatedAt: SINCE, encoded: encodeContent(content) },
  freshness: { status: 'stale', since: SINCE, reason: RESTORED },
};

let scripted: ScriptedFeatures<'claims'>;
let server: HubServer;
const clients: HubClient[] = [];

beforeEach(() => {
  scripted = noticedFeatures('claims');
  scripted.scripts.claims.show(9);
});

afterEach(async () => {
  scripted.scripts.claims.release();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** Starts the server after a restart; `memory` is the last value that the rule for notifications compared. */
function start(memory?: string): void {
  const store = createVolatileStore(0);
  const memories = new Map(memory === undefined ? [] : [['claims, passed, in a script', memory]]);
  server = startHubServer({
    ...scripted,
    now: SINCE + 60_000,
    restored: new Map([['claims', restored]]),
    store: {
      ...store,
      restored: () => ({ seq: 41, hash: restored.encoded.hash }),
      notifications: { ...store.notifications, past: { ...store.notifications.past, memories } },
    },
  });
}

async function connect(hub: string): Promise<HubClient> {
  const client = await connectHub(server.url, hub);
  clients.push(client);
  return client;
}

/** The frames that a client has once the server has answered a ping. */
async function framesOf(client: HubClient) {
  client.send({ type: 'Ping' });
  await client.nextOf('Pong');
  return client.frames.filter(({ type }) => type !== 'Connected' && type !== 'Pong');
}

async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(server.url + path, { headers });
  return { status: response.status, etag: response.headers.get('etag') ?? '', body: await response.text() };
}

describe('before the first refresh ends', () => {
  beforeEach(() => {
    scripted.scripts.claims.hold();
    start();
  });

  test('REST serves the restored snapshot, stale', async () => {
    const { status, etag, body } = await get('/api/claims');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      ...{ feature: 'claims', seq: 41, generatedAt: STALE.since, ...content },
      ...{ status: 'stale', staleSince: STALE.since, staleReason: RESTORED },
    });
    expect(etag).toBe(`W/"${restored.encoded.hash}-stale"`);
  });

  test('the server is ready, and its status says that the figures are stale', async () => {
    const ready = await get('/ready');
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      200,
      { status: 'ready', features: [{ feature: 'claims', data: 'stale' }] },
    ]);
    const { hubs } = JSON.parse((await get('/ws/status')).body);
    expect(hubs[0]).toMatchObject({ hub: 'claims', seq: 41, lastEmission: null, ...STALE });
  });

  test('a hub sends it as Initial, and why it is stale', async () => {
    const frames = await framesOf(await connect('claims'));
    expect(frames).toMatchObject([
      { type: 'Snapshot', hub: 'claims', seq: 41, reason: 'Initial', status: 'stale', data: content.data },
      { type: 'Status', hub: 'claims', ...STALE },
    ]);
  });
});

describe('when the first refresh ends', () => {
  test('with the same content, only the status changes', async () => {
    scripted.scripts.claims.hold();
    start();
    const client = await connect('claims');
    const seen = (await framesOf(client)).length;
    scripted.scripts.claims.release();
    await client.nextOf('Status', { status: 'live' });
    expect((await framesOf(client)).slice(seen)).toEqual([LIVE]);
    const { etag, body } = await get('/api/claims');
    expect(JSON.parse(body)).toMatchObject({ seq: 41, status: 'live' });
    expect(etag).toBe(`W/"${restored.encoded.hash}-live"`);
    expect((await get('/api/claims', { 'if-none-match': etag })).status).toBe(304);
  });

  test('with another content, every client gets it with the next number', async () => {
    scripted.scripts.claims.hold();
    start();
    const client = await connect('claims');
    await framesOf(client);
    // The load in flight was started with the old value: only the next one has it.
    scripted.scripts.claims.show(10);
    scripted.scripts.claims.release();
    expect(await client.nextOf('Snapshot', { reason: 'Auto' })).toMatchObject({ seq: 42, data: { value: 10 } });
    const numbers = client.frames.flatMap(({ type, seq }) => (type === 'Snapshot' ? [seq] : []));
    expect(numbers).toEqual([41, 42]);
  });

  test('with a failure, the snapshot stays: stale since the restart, for the reason of the source', async () => {
    scripted.failSourceWith('connection refused');
    start();
    const client = await connect('claims');
    const failing = { status: 'stale', since: STALE.since, reason: 'connection refused' };
    await client.nextOf('Status', { reason: 'connection refused' });
    expect(client.frames).toMatchObject([
      { type: 'Connected' },
      { type: 'Snapshot', seq: 41 },
      ...client.frames.slice(2, -1).map(() => ({ type: 'Status', ...STALE })),
      { type: 'Status', ...failing },
    ]);
    expect(JSON.parse((await get('/api/claims')).body)).toMatchObject({
      ...{ seq: 41, status: 'stale', staleSince: STALE.since, staleReason: 'connection refused' },
    });
    scripted.failSourceWith(null);
    expect(await client.nextOf('Status', { status: 'live' })).toEqual(LIVE);
  });
});

describe('notifications', () => {
  test('never come from the restored snapshot: the first refresh is compared with what was compared last', async () => {
    scripted.scripts.claims.show(8);
    // The restored value is 9, which the rule has not seen.
    start('7');
    await server.refreshed();
    const client = await connect('notifications');
    await client.nextOf('Notification');
    const titles = (await framesOf(client)).map(({ title }) => title);
    expect(titles).toEqual(['Passed 8']);
  });
});
