import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { figureOf, type ScriptedFeatures, scriptFeatures } from './scripted-features.ts';

let scripted: ScriptedFeatures<'claims' | 'users'>;
let server: HubServer;
let client: HubClient;

beforeEach(async () => {
  scripted = scriptFeatures('claims', 'users');
  server = startHubServer(scripted);
  for (const { actor } of server.supervisor.running) await actor.refresh();
  client = await connectHub(server.url, 'claims');
  await client.nextOf('Snapshot');
});

afterEach(async () => {
  for (const script of Object.values(scripted.scripts)) script.release();
  await server.stop();
  expect(server.errors).toEqual([]);
});

function invokeTimes(times: number, caller: HubClient, method: string): void {
  for (let call = 0; call < times; call++) caller.invoke(method);
}

async function outcomesOf(count: number, caller: HubClient): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  while (outcomes.length < count) outcomes.push((await caller.nextOf('UpdateProcessed')).status);
  return outcomes;
}

describe('methods', () => {
  test.each(['ForceUpdate', 'forceupdate', 'FORCEUPDATE', 'fOrCeUpDaTe'])(
    '%s: letter case does not matter',
    async (method) => {
      client.invoke(method);
      expect(await client.nextOf('UpdateProcessed')).toMatchObject({ status: 'ok' });
    },
  );

  test.each(['Invoke', 'Subscribe'])('%s takes any method', async (type) => {
    client.send({ type, method: 'getInitialData' });
    expect(await client.nextOf('Snapshot')).toMatchObject({ reason: 'Initial' });
    client.send({ type, method: 'SubscribeToStatus' });
    expect(await client.nextOf('Status')).toMatchObject({ status: 'live' });
  });

  test.each([[[]], [[1, { deep: [true] }]], [{ hub: 'users' }], ['text'], [null], [17]])(
    'arguments %j are ignored',
    async (args) => {
      client.send({ type: 'Invoke', method: 'GetInitialData', args, more: 'than needed' });
      expect(await client.nextOf('Snapshot')).toMatchObject({ hub: 'claims', reason: 'Initial' });
    },
  );

  test.each([
    ['SubscribeToClaims', 'Claims'],
    ['subscribeClaims', 'Claims'],
    ['SubscribeTo', 'To'],
    ['Subscribetopics', 'pics'],
  ])('%s confirms %s', async (method, topic) => {
    client.send({ type: 'Subscribe', method });
    expect(await client.nextOf('SubscriptionConfirmed')).toEqual({
      type: 'SubscriptionConfirmed',
      hub: 'claims',
      topic,
    });
  });

  test.each(['Subscribe', '', 'GetInitialData ', 'constructor', '__proto__', 'toString', 'Invoke'])(
    'there is no %j',
    async (method) => {
      client.invoke(method);
      const { code, message } = await client.nextOf('Error');
      expect(code).toBe('unknown-method');
      expect(message).toContain('GetInitialData, ForceUpdate, SubscribeToStatus');
    },
  );

  test.each([[1_700_000_000_000], [0], [-1.5], ['2026-03-31T12:00:00Z'], [''], [null]])(
    'Pong echoes %j',
    async (timestamp) => {
      client.send({ type: 'Ping', timestamp });
      expect(await client.next()).toEqual({ type: 'Pong', timestamp });
    },
  );

  test('a ping without a timestamp is answered too', async () => {
    client.send({ type: 'Ping' });
    expect(await client.next()).toEqual({ type: 'Pong', timestamp: null });
  });
});

describe('ForceUpdate', () => {
  test('tells the caller why the source failed', async () => {
    scripted.scripts.claims.failWith('the script says no');
    client.invoke('ForceUpdate');
    const outcome = { type: 'UpdateProcessed', hub: 'claims', status: 'error', message: 'the script says no' };
    expect(await client.nextOf('UpdateProcessed')).toEqual(outcome);
  });

  test('on `all` refreshes every feature, and fails when one does', async () => {
    const wallBoard = await connectHub(server.url, 'all');
    await wallBoard.nextOf('Snapshot', { hub: 'users' });
    wallBoard.invoke('ForceUpdate');
    expect(await wallBoard.nextOf('UpdateProcessed')).toEqual({ type: 'UpdateProcessed', hub: 'all', status: 'ok' });
    const manual = wallBoard.frames.filter(({ reason }) => reason === 'Manual');
    expect(manual.map(({ hub }) => hub).sort()).toEqual(['claims', 'users']);

    scripted.scripts.users.failWith('the script says no');
    wallBoard.invoke('ForceUpdate');
    expect(await wallBoard.nextOf('UpdateProcessed')).toMatchObject({ status: 'error', message: 'the script says no' });
  });

  test('a slow one delays no ping, and what waits behind it is answered in order', async () => {
    const { claims } = scripted.scripts;
    claims.hold();
    client.invoke('ForceUpdate');
    client.invoke('SubscribeToClaims');
    client.invoke('NoSuchMethod');
    client.send({ type: 'Ping', timestamp: 1 });
    expect(await client.next()).toEqual({ type: 'Pong', timestamp: 1 });
    claims.release();
    const { type: snapshot } = await client.next();
    const { type: processed } = await client.next();
    const { type: confirmed } = await client.next();
    const { type: refused } = await client.next();
    expect([snapshot, processed, confirmed, refused]).toEqual([
      'Snapshot',
      'UpdateProcessed',
      'SubscriptionConfirmed',
      'Error',
    ]);
  });

  test('many at once, of one client and of many, become one refresh and one more', async () => {
    const { claims } = scripted.scripts;
    const others = await Promise.all(Array.from({ length: 9 }, () => connectHub(server.url, 'claims')));
    const clients = [client, ...others];
    for (const each of others) await each.nextOf('Snapshot');
    const before = claims.loads;
    claims.hold();
    for (const each of clients) invokeTimes(10, each, 'ForceUpdate');
    // A ping overtakes the calls, so its answer tells that they have arrived.
    for (const each of clients) each.send({ type: 'Ping' });
    for (const each of clients) await each.nextOf('Pong');
    claims.release();
    for (const each of clients) expect(await outcomesOf(10, each)).toEqual(Array(10).fill('ok'));
    expect(claims.loads - before).toBe(2);
  });

  test('at most 16 invocations wait; the next is refused, and pings still are not', async () => {
    const { claims } = scripted.scripts;
    claims.hold();
    invokeTimes(17, client, 'ForceUpdate');
    expect(await client.next()).toMatchObject({ type: 'Error', code: 'busy' });
    client.send({ type: 'Ping', timestamp: 2 });
    expect(await client.next()).toEqual({ type: 'Pong', timestamp: 2 });
    claims.release();
    expect(await outcomesOf(16, client)).toEqual(Array(16).fill('ok'));
    client.invoke('GetInitialData');
    expect(await client.nextOf('Snapshot', { reason: 'Initial' })).toMatchObject({ hub: 'claims' });
    // Asking too much is no frame that makes no sense: it does not end the connection.
    expect(client.frames.filter(({ type }) => type === 'Error')).toHaveLength(1);
  });

  test('a client that leaves before its answer leaves nothing behind', async () => {
    const { claims } = scripted.scripts;
    claims.hold();
    client.invoke('ForceUpdate');
    client.invoke('GetInitialData');
    client.send({ type: 'Ping' });
    await client.nextOf('Pong');
    await client.close();
    claims.release();
    const other = await connectHub(server.url, 'claims');
    other.invoke('ForceUpdate');
    await other.nextOf('UpdateProcessed');
    expect(server.hubs.load()).toMatchObject({ connections: 1, following: 1, behind: 0 });
    await other.close();
    expect(server.hubs.load()).toEqual({ connections: 0, following: 0, behind: 0, longestBacklogBytes: 0 });
  });
});

describe('status', () => {
  test('every client gets a Status when a source fails and when it recovers', async () => {
    const { claims } = scripted.scripts;
    const wallBoard = await connectHub(server.url, 'all');
    claims.failWith('the script says no');
    claims.show(1);
    const stale = await client.nextOf('Status');
    expect(stale).toEqual({
      type: 'Status',
      hub: 'claims',
      status: 'stale',
      since: expect.stringMatching(/^20\d\d-.*Z$/),
      reason: 'the script says no',
    });
    expect(await wallBoard.nextOf('Status')).toEqual(stale);

    claims.failWith(null);
    const live = { type: 'Status', hub: 'claims', status: 'live', since: null, reason: null };
    expect(await client.nextOf('Status')).toEqual(live);
    expect(await wallBoard.nextOf('Status')).toEqual(live);
    server.advance(250);
    expect(figureOf(await client.nextOf('Snapshot'))).toBe(1);
    expect(client.frames.filter(({ type }) => type === 'Status')).toHaveLength(2);
  });

  test('a client that connects to a failing feature gets since when and why', async () => {
    scripted.scripts.claims.failWith('the script says no');
    scripted.scripts.claims.show(1);
    const { since } = await client.nextOf('Status');
    const newcomer = await connectHub(server.url, 'claims');
    expect(await newcomer.next()).toMatchObject({ type: 'Connected' });
    expect(await newcomer.next()).toMatchObject({ type: 'Snapshot', status: 'stale', reason: 'Initial' });
    expect(await newcomer.next()).toMatchObject({
      type: 'Status',
      status: 'stale',
      since,
      reason: 'the script says no',
    });
  });
});
