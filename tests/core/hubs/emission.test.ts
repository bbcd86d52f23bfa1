import { afterEach, describe, expect, test } from 'bun:test';
import { connectHub, type Frame, type HubClient } from '../../support/hub-client.ts';
import { startTestServer } from '../../support/test-server.ts';
import { type HubServer, type HubServerOptions, startHubServer } from './hub-server.ts';
import { figureOf, type Script, type ScriptedFeatures, scriptFeatures } from './scripted-features.ts';

const INTERVAL_MS = 250;

interface Stage extends ScriptedFeatures<'claims' | 'users'> {
  readonly server: HubServer;
  readonly claims: Script;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server whose first emissions are over: the next change is the first one. */
async function stage(options: Partial<HubServerOptions> = {}): Promise<Stage> {
  const scripted = scriptFeatures('claims', 'users');
  const { features, sources, scripts } = scripted;
  const server = startHubServer({ features, sources, intervalMs: INTERVAL_MS, ...options });
  stops.push(() => server.stop());
  for (const { actor } of server.supervisor.running) await actor.refresh();
  server.advance(INTERVAL_MS);
  return { ...scripted, server, claims: scripts.claims };
}

/** Changes the figure, and waits until the feature has read it: whatever is sent at once has been sent. */
async function showAndRead({ server, claims }: Stage, next: number): Promise<void> {
  const read = server.published('claims', (snapshot) => figureOf(snapshot) === next);
  claims.show(next);
  await read;
}

/** The frames that have come, up to now and not one later. */
async function framesUpToNow(client: HubClient): Promise<readonly Frame[]> {
  client.send({ type: 'Ping', timestamp: client.frames.length });
  await client.nextOf('Pong', { timestamp: client.frames.length });
  return client.frames.filter(({ type }) => type !== 'Pong');
}

describe('emission', () => {
  test('sends the first change at once, and conflates the others until the interval is over', async () => {
    const scene = await stage();
    const client = await connectHub(scene.server.url, 'claims');
    await client.nextOf('Snapshot', { reason: 'Initial' });

    await showAndRead(scene, 1);
    expect(figureOf(await client.nextOf('Snapshot', { reason: 'Auto' }))).toBe(1);
    for (const next of [2, 3, 4]) await showAndRead(scene, next);
    scene.server.advance(INTERVAL_MS - 1);
    expect((await framesUpToNow(client)).map(figureOf)).toEqual([undefined, 0, 1]);
    scene.server.advance(1);
    expect(figureOf(await client.nextOf('Snapshot', { reason: 'Auto' }))).toBe(4);

    // Nothing is left over: the next change is a first one again.
    scene.server.advance(10 * INTERVAL_MS);
    expect((await framesUpToNow(client)).map(figureOf)).toEqual([undefined, 0, 1, 4]);
    await showAndRead(scene, 5);
    expect(figureOf(await client.nextOf('Snapshot', { reason: 'Auto' }))).toBe(5);
  });

  test("on the machine's own time", async () => {
    const { features, sources, scripts } = scriptFeatures('claims');
    const server = startTestServer({ features, sources, intervalMs: INTERVAL_MS });
    stops.push(() => server.stop());
    const client = await connectHub(server.url, 'claims');
    await client.nextOf('Snapshot');
    // Before the window opens: a frame that arrives late makes what is measured longer, never shorter.
    const opened = performance.now();
    scripts.claims.show(1);
    await client.next((frame) => figureOf(frame) === 1);
    for (const next of [2, 3, 4]) scripts.claims.show(next);
    const { reason, data } = await client.nextOf('Snapshot');
    expect({ reason, data }).toMatchObject({ reason: 'Auto', data: { value: 4 } });
    // A timer may go off a little early.
    expect(performance.now() - opened).toBeGreaterThan(INTERVAL_MS - 5);
    expect(server.errors).toEqual([]);
  });

  test('ForceUpdate passes the throttle: everybody gets the snapshot, changed or not, and the caller an answer', async () => {
    const { server } = await stage();
    const caller = await connectHub(server.url, 'claims');
    const other = await connectHub(server.url, 'claims');
    const wallBoard = await connectHub(server.url, 'all');
    for (const client of [caller, other]) await client.nextOf('Snapshot', { reason: 'Initial' });
    await wallBoard.nextOf('Snapshot', { hub: 'users' });

    caller.invoke('ForceUpdate');
    expect(await caller.nextOf('UpdateProcessed')).toEqual({ type: 'UpdateProcessed', hub: 'claims', status: 'ok' });
    const manual = await other.nextOf('Snapshot', { reason: 'Manual' });
    expect(await wallBoard.nextOf('Snapshot', { hub: 'claims', reason: 'Manual' })).toEqual(manual);
    expect(caller.frames).toContainEqual(manual);
    expect((await framesUpToNow(other)).map(({ type }) => type)).toEqual(['Connected', 'Snapshot', 'Snapshot']);
  });

  test('with EMIT_UNCHANGED every interval sends, and says whether the figures still stand', async () => {
    const { server, claims } = await stage({ unchanged: true });
    const client = await connectHub(server.url, 'claims');
    const { seq } = await client.nextOf('Snapshot', { reason: 'Initial' });
    server.advance(INTERVAL_MS);
    expect(await client.nextOf('Snapshot', { reason: 'Auto' })).toMatchObject({ seq, status: 'live' });
    claims.failWith('the script says no');
    claims.show(1);
    await client.nextOf('Status', { status: 'stale' });
    server.advance(INTERVAL_MS);
    expect(await client.nextOf('Snapshot', { reason: 'Auto' })).toMatchObject({ seq, status: 'stale' });
  });

  test('a snapshot that waited out its window while the source failed says that it is stale', async () => {
    const scene = await stage();
    const client = await connectHub(scene.server.url, 'claims');
    await client.nextOf('Snapshot', { reason: 'Initial' });
    await showAndRead(scene, 1);
    await showAndRead(scene, 2);
    scene.claims.failWith('the script says no');
    scene.claims.show(3);
    await client.nextOf('Status', { status: 'stale' });
    scene.server.advance(INTERVAL_MS);
    expect(await client.nextOf('Snapshot', { reason: 'Auto' })).toMatchObject({ status: 'stale', data: { value: 2 } });
  });

  test('a client that connects within a window gets the newest at once', async () => {
    const scene = await stage();
    await showAndRead(scene, 1);
    await showAndRead(scene, 2);
    const client = await connectHub(scene.server.url, 'claims');
    const initial = await client.nextOf('Snapshot', { reason: 'Initial' });
    expect(figureOf(initial)).toBe(2);
    // The emission that ends the window may carry the same snapshot to it again, but never an older one.
    scene.server.advance(INTERVAL_MS);
    expect(await client.nextOf('Snapshot', { reason: 'Auto' })).toMatchObject({ seq: initial.seq });
  });

  test('what waits for its window is sent when the server stops, before the connection closes', async () => {
    const scene = await stage();
    const client = await connectHub(scene.server.url, 'claims');
    await showAndRead(scene, 1);
    await showAndRead(scene, 2);
    await scene.server.stop();
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server is stopping' });
    expect(figureOf(client.frames.at(-1))).toBe(2);
  });

  test('the sequence of a client only grows, but for repeats of the newest', async () => {
    const { features, sources, scripts } = scriptFeatures('claims', 'users');
    const server = startTestServer({ features, sources, intervalMs: INTERVAL_MS, timings: { manualIntervalMs: 0 } });
    stops.push(() => server.stop());
    const client = await connectHub(server.url, 'all');
    for (let step = 1; step <= 60; step++) {
      scripts.claims.show(step);
      if (step % 2 === 0) scripts.users.show(step);
      if (step % 5 === 0) client.invoke('GetInitialData');
      if (step % 7 === 0) client.invoke('ForceUpdate');
      await framesUpToNow(client);
    }
    await client.next((frame) => frame.hub === 'claims' && figureOf(frame) === 60);
    for (const hub of ['claims', 'users']) {
      const sequence = client.frames.filter((frame) => frame.type === 'Snapshot' && frame.hub === hub);
      const numbers = sequence.map(({ seq }) => Number(seq));
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      expect(numbers.length).toBeGreaterThan(10);
    }
    expect(server.errors).toEqual([]);
  });
});
