import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket, type WireFrame } from '../../support/raw-websocket.ts';
import { until } from '../../support/until.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { figureOf, type Script, type ScriptedFeatures, scriptFeatures } from './scripted-features.ts';

const INTERVAL_MS = 250;
const MIB = 1024 * 1024;
/** More than the kernel holds for a connection, on whichever side. */
const CLOG = 16 * MIB;
/** What Bun gathers for a socket before it writes, and what stands around the data in a frame. */
const SMALL = 20 * 1024;

type Name = 'claims' | 'users' | 'storage';

let scripted: ScriptedFeatures<Name>;
let server: HubServer;
let healthy: HubClient;

beforeEach(async () => {
  scripted = scriptFeatures('claims', 'users', 'storage');
  for (const script of Object.values<Script>(scripted.scripts)) script.weigh(MIB);
  server = startHubServer({ ...scripted, intervalMs: INTERVAL_MS });
  for (const { actor } of server.supervisor.running) await actor.refresh();
  healthy = await connectHub(server.url, 'all');
  await healthy.nextOf('Snapshot', { hub: 'storage' });
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const backlog = () => server.hubs.load().longestBacklogBytes;

/** One emission of each of the features, as large as their snapshots are; the healthy client has got it. */
async function emit(figure: number, names: readonly Name[]): Promise<void> {
  server.advance(INTERVAL_MS);
  for (const name of names) scripted.scripts[name].show(figure);
  const arrived = new Set<unknown>();
  while (arrived.size < names.length) arrived.add((await healthy.next((frame) => figureOf(frame) === figure)).hub);
}

/** Connects a client that takes in its first snapshots, and then reads no more. */
async function connectStuck(hub: string): Promise<RawWebSocket> {
  const stuck = await openRawWebSocket(server.url, `/hubs/${hub}?protocol=json`);
  const last = hub === 'all' ? 'storage' : hub;
  await stuck.waitFor(({ payload }) => payload.includes(`"Snapshot","hub":"${last}"`));
  stuck.stopReading();
  return stuck;
}

/**
 * One emission larger than all the buffers in between, so that much of it waits in the server, then some more of usual
 * size, of which nothing may.
 *
 * @returns the last figure
 */
async function clog(...names: readonly Name[]): Promise<number> {
  scripted.scripts.claims.weigh(CLOG);
  await emit(1, ['claims']);
  scripted.scripts.claims.weigh(MIB);
  const waiting = backlog();
  expect(waiting).toBeGreaterThan(MIB);
  expect(waiting).toBeLessThan(CLOG + SMALL);
  for (let figure = 2; figure <= 5; figure++) {
    await emit(figure, names);
    expect(backlog()).toBeLessThanOrEqual(waiting);
  }
  return 5;
}

interface Seen {
  readonly type: unknown;
  readonly hub: unknown;
  readonly seq: unknown;
  readonly figure: number | undefined;
  readonly status: unknown;
}

function parse({ payload }: WireFrame): Seen {
  const { type, hub, seq, status, ...rest } = JSON.parse(payload.toString());
  return { type, hub, seq, status, figure: figureOf(rest) };
}

const textFrames = ({ frames }: RawWebSocket) => frames.filter(({ opcode }) => opcode === OPCODE.text).map(parse);

function sequencesOf(client: RawWebSocket, hub: Name): number[] {
  return textFrames(client)
    .filter((frame) => frame.type === 'Snapshot' && frame.hub === hub)
    .map(({ seq }) => Number(seq));
}

const showing = (figure: number) => (frame: WireFrame) => frame.payload.includes(`"value":${figure},`);

test('/ws/status counts what slow clients lack, and the bytes that wait for the slowest', async () => {
  const loadNow = async () => {
    const status: unknown = await (await fetch(`${server.url}/ws/status`)).json();
    return status;
  };
  expect(await loadNow()).toMatchObject({ load: { connections: 1, behind: 0, longestBacklogBytes: 0 } });
  const stuck = await connectStuck('claims');
  await clog('claims');
  expect(await loadNow()).toMatchObject({ load: { ...server.hubs.load(), connections: 2, behind: 1 } });
  expect(backlog()).toBeGreaterThan(0);
  stuck.destroy();
});

describe('a client that stops reading', () => {
  test('makes nobody wait, costs one frame at most, and gets the newest when it reads again', async () => {
    const stuck = await connectStuck('claims');
    const last = await clog('claims');
    expect(server.hubs.load()).toMatchObject({ connections: 2, following: 4, behind: 1 });

    stuck.readOn();
    await stuck.waitFor(showing(last));
    expect(sequencesOf(stuck, 'claims')).toEqual([1, 2, last + 1]);

    // It keeps up again: the next emission reaches it like everyone else.
    await until(() => server.hubs.load().behind === 0);
    await emit(last + 1, ['claims']);
    await stuck.waitFor(showing(last + 1));
    stuck.destroy();
  });

  test('on `all` costs one frame, not one a feature, though every feature sends at the same moment', async () => {
    const names: Name[] = ['claims', 'users', 'storage'];
    const stuck = await connectStuck('all');
    const last = await clog(...names);
    expect(server.hubs.load()).toMatchObject({ connections: 2, following: 4, behind: 4 });

    stuck.readOn();
    for (const name of names) {
      await stuck.waitFor((frame) => showing(last)(frame) && frame.payload.includes(`"hub":"${name}"`));
      const sequence = sequencesOf(stuck, name);
      expect(sequence).toEqual([...new Set(sequence)].toSorted((left, right) => left - right));
      // Its first, what was on its way when it stopped reading (of the claims), and the newest.
      expect(sequence).toHaveLength(name === 'claims' ? 3 : 2);
    }
    await until(() => server.hubs.load().behind === 0);
    stuck.destroy();
  });

  test('leaves nothing behind when it goes', async () => {
    const stuck = await Promise.all(['claims', 'all', 'claims'].map(connectStuck));
    await clog('claims', 'users');
    for (const client of stuck) client.destroy();
    await until(() => server.hubs.load().connections === 1);
    expect(server.hubs.load()).toMatchObject({ connections: 1, following: 4, behind: 0 });
    expect(backlog()).toBeLessThan(SMALL);
  });

  test('gets the answers to what it asked, however much waits for it', async () => {
    const stuck = await connectStuck('claims');
    await clog('claims');
    const before = scripted.scripts.claims.loads;
    stuck.send(OPCODE.text, '{"type":"Ping","timestamp":"asked while stuck"}');
    stuck.send(OPCODE.text, '{"type":"Invoke","method":"ForceUpdate"}');
    await until(() => scripted.scripts.claims.loads > before);
    stuck.readOn();
    await stuck.waitFor(({ payload }) => payload.includes('asked while stuck'));
    await stuck.waitFor(({ payload }) => payload.includes('UpdateProcessed'));
    stuck.destroy();
  });

  test('is ended with a reason when it asks without end, and gets every answer up to there', async () => {
    const stuck = await connectStuck('claims');
    await clog('claims');
    const echo = (timestamp: string) => JSON.stringify({ type: 'Ping', timestamp });
    for (let asked = 0; asked < 20; asked++) stuck.send(OPCODE.text, echo(`${asked}: ${'x'.repeat(60_000)}`));
    for (let trips = 0; trips < 10; trips++) await healthyRoundTrip();
    stuck.readOn();
    const { payload } = await stuck.waitFor(({ opcode }) => opcode === OPCODE.close);
    expect([payload.readUInt16BE(0), payload.toString('utf8', 2)]).toEqual([4002, 'too many answers wait unread']);
    const pongs = textFrames(stuck).filter(({ type }) => type === 'Pong');
    expect(pongs.length).toBeGreaterThan(2);
    expect(pongs.length).toBeLessThan(6);
    await stuck.ended;
    expect(server.hubs.load().connections).toBe(1);
  });

  test('is cut off when it goes on without reading', async () => {
    const stuck = await connectStuck('claims');
    await clog('claims');
    const echo = JSON.stringify({ type: 'Ping', timestamp: 'x'.repeat(60_000) });
    for (let asked = 0; asked < 20; asked++) stuck.send(OPCODE.text, echo);
    for (let step = 0; step < 20 && server.hubs.load().connections > 1; step++) {
      await healthyRoundTrip();
      server.advance(200);
    }
    expect(server.hubs.load().connections).toBe(1);
    stuck.destroy();
  });

  test('learns when it reads again how its source fares by then', async () => {
    const stuck = await connectStuck('claims');
    const last = await clog('claims');
    const { claims } = scripted.scripts;
    claims.failWith('the script says no');
    claims.show(last + 1);
    await healthy.nextOf('Status', { status: 'stale' });
    claims.failWith(null);
    await healthy.nextOf('Status', { status: 'live' });
    claims.failWith('the script says no again');
    claims.show(last + 2);
    await healthy.nextOf('Status', { status: 'stale' });

    stuck.readOn();
    await stuck.waitFor(({ payload }) => payload.includes('"type":"Status"'));
    await until(() => server.hubs.load().behind === 0);
    expect(textFrames(stuck).filter(({ type }) => type === 'Status')).toMatchObject([
      { hub: 'claims', status: 'stale' },
    ]);
    stuck.destroy();
  });
});

/**
 * Bun drops what is sent to a socket that holds more than the server's limit already (16 MiB), and tells nobody which
 * socket that was. No snapshot is ever dropped so, because one is only ever sent to a client for whom nothing waits.
 */
test('snapshots beyond the limit of unsent bytes reach every client that reads, at any pace', async () => {
  const { claims } = scripted.scripts;
  const stuck = await connectStuck('claims');
  claims.weigh(17 * MIB);
  for (const figure of [1, 2, 3]) await emit(figure, ['claims']);
  expect(backlog()).toBeLessThan(17 * MIB + SMALL);
  stuck.readOn();
  await stuck.waitFor(showing(3));
  expect(sequencesOf(stuck, 'claims')).toEqual([1, 2, 4]);
  stuck.destroy();
});

test('answers behind a snapshot beyond the limit of unsent bytes are not dropped', async () => {
  const stuck = await connectStuck('claims');
  scripted.scripts.claims.weigh(40 * MIB);
  await emit(1, ['claims']);
  expect(backlog()).toBeGreaterThan(16 * MIB);
  for (const timestamp of ['first', 'second']) stuck.send(OPCODE.text, JSON.stringify({ type: 'Ping', timestamp }));
  stuck.send(OPCODE.text, '{"type":"Invoke","method":"SubscribeToClaims"}');
  await healthyRoundTrip();
  stuck.readOn();
  await stuck.waitFor(({ payload }) => payload.includes('SubscriptionConfirmed'));
  const answers = textFrames(stuck).filter(({ type }) => type === 'Pong' || type === 'SubscriptionConfirmed');
  expect(answers.map(({ type }) => type)).toEqual(['Pong', 'Pong', 'SubscriptionConfirmed']);
  stuck.destroy();
});

/** What others have sent before has come by the time that this is answered. */
async function healthyRoundTrip(): Promise<void> {
  const timestamp = `round trip ${healthy.frames.length}`;
  healthy.send({ type: 'Ping', timestamp });
  await healthy.nextOf('Pong', { timestamp });
}

describe('when the server stops', () => {
  test('who reads slowly gets what was on its way, then the newest, then the close frame', async () => {
    const slow = await connectStuck('claims');
    const last = await clog('claims');
    slow.readOn();
    await server.stop();
    const { payload } = await slow.waitFor(({ opcode }) => opcode === OPCODE.close);
    expect(payload.readUInt16BE(0)).toBe(1001);
    expect(textFrames(slow).at(-1)).toMatchObject({ type: 'Snapshot', figure: last });
  });

  test('who does not read is cut off', async () => {
    const stuck = await connectStuck('claims');
    await clog('claims');
    await server.stop();
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
    stuck.readOn();
    await stuck.ended;
    expect(stuck.frames.some(({ opcode }) => opcode === OPCODE.close)).toBe(false);
  });
});
