import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../../support/raw-websocket.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { noticedFeatures } from './noticed-features.ts';
import { figureOf, type ScriptedFeatures } from './scripted-features.ts';

const MIB = 1024 * 1024;

let scripted: ScriptedFeatures<'claims' | 'storage'>;
let server: HubServer;
let healthy: HubClient;

beforeEach(async () => {
  scripted = noticedFeatures('claims', 'storage');
  server = startHubServer(scripted);
  for (const { actor } of server.supervisor.running) await actor.refresh();
  healthy = await connectHub(server.url, 'all');
  await healthy.nextOf('Snapshot', { hub: 'storage' });
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** Connects a client of `all`, and lets it read no more while more waits for it than the buffers in between hold. */
async function connectStuck(): Promise<RawWebSocket> {
  const stuck = await openRawWebSocket(server.url, '/hubs/all?protocol=json');
  await stuck.waitFor(({ payload }) => payload.includes('"Snapshot","hub":"storage"'));
  stuck.stopReading();
  scripted.scripts.storage.weigh(16 * MIB);
  server.advance(250);
  scripted.scripts.storage.show(1);
  await healthy.next((frame) => figureOf(frame) === 1);
  expect(server.hubs.load().longestBacklogBytes).toBeGreaterThan(MIB);
  return stuck;
}

async function pass(value: number): Promise<void> {
  scripted.scripts.claims.show(value);
  await healthy.nextOf('Notification', { hub: 'claims', title: `Passed ${value}` });
}

/** The titles of the notifications about claims that it got, as soon as it got the last of them. */
async function titlesUpTo(value: number, stuck: RawWebSocket): Promise<unknown[]> {
  const isLast = (payload: Buffer) => payload.includes('"Notification"') && payload.includes(`"Passed ${value}"`);
  await stuck.waitFor(({ payload }) => isLast(payload));
  return stuck.frames
    .filter(({ opcode, payload }) => opcode === OPCODE.text && payload.includes('"type":"Notification","hub":"claims"'))
    .map(({ payload }) => JSON.parse(payload.toString()).title);
}

const passing = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `Passed ${from + index}`);

describe('a client that stops reading', () => {
  test('makes nobody wait, costs no memory, and gets each that it missed when it reads again', async () => {
    const stuck = await connectStuck();
    const backlog = server.hubs.load().longestBacklogBytes;
    for (let value = 1; value <= 20; value++) await pass(value);
    expect(server.hubs.load().longestBacklogBytes).toBe(backlog);

    stuck.readOn();
    expect(await titlesUpTo(20, stuck)).toEqual(passing(1, 20));
    // It keeps up again.
    await pass(21);
    expect(await titlesUpTo(21, stuck)).toEqual(passing(1, 21));
    stuck.destroy();
  });

  test('gets each, however many it missed, and no more at once than a page of them', async () => {
    const stuck = await connectStuck();
    await pass(50);
    await pass(450);
    stuck.readOn();
    expect(await titlesUpTo(450, stuck)).toEqual(passing(1, 450));
    stuck.destroy();
  });
});
