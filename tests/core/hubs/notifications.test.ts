import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { connectHub, type Frame, type HubClient } from '../../support/hub-client.ts';
import { flawsOf } from './frames.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { noticedFeatures } from './noticed-features.ts';
import { figureOf, type ScriptedFeatures } from './scripted-features.ts';

let scripted: ScriptedFeatures<'claims' | 'users'>;
let server: HubServer;
const clients: HubClient[] = [];

beforeEach(async () => {
  scripted = noticedFeatures('claims', 'users');
  server = startHubServer(scripted);
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterEach(async () => {
  for (const client of clients.splice(0)) {
    expect(client.frames.filter(({ type }) => type !== 'Snapshot').flatMap((each) => flawsOf(each, new Map()))).toEqual(
      [],
    );
    await client.close();
  }
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function connect(hub: string): Promise<HubClient> {
  const client = await connectHub(server.url, hub);
  clients.push(client);
  expect(await client.next()).toMatchObject({ type: 'Connected', hub });
  return client;
}

/** Whatever was sent to the client so far has arrived. */
async function settled(client: HubClient): Promise<void> {
  client.send({ type: 'Ping', timestamp: 'settled' });
  await client.nextOf('Pong', { timestamp: 'settled' });
}

const notifications = ({ frames }: HubClient) => frames.filter(({ type }) => type === 'Notification');
const titles = (frames: readonly Frame[]) => frames.map(({ title }) => title);
const passing = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `Passed ${from + index}`);

describe('hub notifications', () => {
  test('sends each at once, though the hub of the feature waits for its window', async () => {
    const client = await connect('notifications');
    const claims = await connect('claims');
    scripted.scripts.claims.show(1);
    expect(await client.next()).toEqual({
      type: 'Notification',
      hub: 'claims',
      id: server.journal.lastId,
      severity: 'warning',
      title: 'Passed 1',
      message: 'as the script wanted',
      at: expect.stringMatching(/^20\d\d-.*Z$/),
      data: { passed: 1 },
    });
    scripted.scripts.users.show(1);
    expect(await client.next()).toMatchObject({ hub: 'users', title: 'Passed 1' });
    await settled(claims);
    expect(claims.frames.filter((frame) => figureOf(frame) === 1)).toEqual([]);
    server.advance(250);
    expect(figureOf(await claims.nextOf('Snapshot'))).toBe(1);
    expect(notifications(claims)).toEqual([]);
  });

  test('sends a newcomer the last 50, oldest first, then those that come', async () => {
    const witness = await connect('notifications');
    scripted.scripts.claims.show(60);
    await witness.nextOf('Notification', { title: 'Passed 60' });
    const client = await connect('notifications');
    await settled(client);
    expect(titles(notifications(client))).toEqual(passing(11, 60));
    scripted.scripts.claims.show(61);
    expect(await client.next()).toMatchObject({ title: 'Passed 61' });
    await settled(witness);
    expect(notifications(client)).toEqual(notifications(witness).slice(10));
  });

  test('sends them again for GetInitialData, to the caller alone', async () => {
    const [client, other] = [await connect('notifications'), await connect('notifications')];
    scripted.scripts.claims.show(3);
    for (const each of [client, other]) await each.nextOf('Notification', { title: 'Passed 3' });
    client.invoke('GetInitialData');
    for (const title of passing(1, 3)) expect(await client.next()).toMatchObject({ type: 'Notification', title });
    for (const each of [client, other]) await settled(each);
    expect(titles(notifications(client))).toEqual([...passing(1, 3), ...passing(1, 3)]);
    expect(titles(notifications(other))).toEqual(passing(1, 3));
  });

  test('has the methods of every hub; ForceUpdate has nothing to refresh', async () => {
    const client = await connect('notifications');
    const before = scripted.scripts.claims.loads;
    client.invoke('ForceUpdate');
    expect(await client.next()).toEqual({ type: 'UpdateProcessed', hub: 'notifications', status: 'ok' });
    expect(scripted.scripts.claims.loads).toBe(before);
    client.invoke('SubscribeToStatus');
    expect(await client.next()).toEqual({ type: 'SubscriptionConfirmed', hub: 'notifications', topic: 'Status' });
    const live = { type: 'Status', hub: 'notifications', status: 'live', since: null, reason: null };
    expect(await client.next()).toEqual(live);
    client.invoke('SubscribeToNotifications');
    expect(await client.next()).toMatchObject({ type: 'SubscriptionConfirmed', topic: 'Notifications' });
    client.invoke('NoSuchMethod');
    expect(await client.next()).toMatchObject({ type: 'Error', code: 'unknown-method' });
  });

  test('/ws/status tells the id of the newest, and when it was sent', async () => {
    const state = () => server.hubs.statuses().find(({ hub }) => hub === 'notifications');
    expect(state()).toMatchObject({ connections: 0, seq: null, lastEmission: null, status: 'live' });
    const client = await connect('notifications');
    scripted.scripts.claims.show(1);
    const { id } = await client.nextOf('Notification');
    expect(state()).toMatchObject({ connections: 1, dialects: { json: 1 }, seq: id, lastEmission: expect.any(Number) });
  });
});

describe('hub all', () => {
  test('carries them beside the snapshots, the last 50 for a newcomer too', async () => {
    const client = await connect('all');
    await client.nextOf('Snapshot', { hub: 'users' });
    scripted.scripts.claims.show(2);
    expect(await client.next()).toMatchObject({ type: 'Notification', title: 'Passed 1' });
    expect(await client.next()).toMatchObject({ type: 'Notification', title: 'Passed 2' });
    const other = await connect('all');
    await settled(other);
    expect(other.frames.map(({ type }) => type)).toEqual([
      'Connected',
      'Snapshot',
      'Snapshot',
      'Notification',
      'Notification',
      'Pong',
    ]);
  });
});

describe('a source', () => {
  test('that is lost and recovers is notified once each, however many features it makes stale', async () => {
    const client = await connect('notifications');
    const { claims, users } = scripted.scripts;
    scripted.failSourceWith('connection refused');
    for (const script of [claims, users]) script.show(1);
    const lost = await client.next();
    expect(lost).toMatchObject({
      type: 'Notification',
      hub: 'all',
      severity: 'critical',
      title: 'The SQL database is lost',
      message: 'connection refused; until it is back, these stay as they are: claims, users',
    });
    for (const { actor } of server.supervisor.running) await actor.refresh();
    scripted.failSourceWith(null);
    for (const { actor } of server.supervisor.running) expect(await actor.refresh()).toEqual({ status: 'ok' });
    const back = await client.nextOf('Notification', { hub: 'all' });
    expect(back).toMatchObject({ hub: 'all', severity: 'info', title: 'The SQL database is back' });
    await settled(client);
    expect(titles(notifications(client)).sort()).toEqual(
      ['Passed 1', 'Passed 1', 'The SQL database is back', 'The SQL database is lost'].sort(),
    );
  });
});
