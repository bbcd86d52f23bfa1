import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { TSchema } from '@sinclair/typebox';
import { features } from '../../../src/features/index.ts';
import { connectHub, type Frame } from '../../support/hub-client.ts';
import { flawsOf } from './frames.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { COMPANY_NOW, openSmallCompany } from './small-company.ts';

/** Each hub, and the features that it carries. */
const names = features.map(({ name }) => name);
const hubs: [hub: string, carried: string[]][] = [
  ...names.map((name): [string, string[]] => [name, [name]]),
  ['all', names],
];
const schemas = new Map<string, TSchema>(features.map(({ name, schema }) => [name, schema]));

let server: HubServer;

beforeAll(async () => {
  server = startHubServer({ features, sources: await openSmallCompany(), now: COMPANY_NOW });
  await server.refreshed();
});

afterAll(() => server.stop());

const ofType = (frames: readonly Frame[], type: string) => frames.filter((frame) => frame.type === type);

describe.each(hubs)('hub %s', (hub, carried) => {
  test('greets, and sends the newest snapshot of every feature at once', async () => {
    const client = await connectHub(server.url, hub);
    expect(await client.next()).toEqual({ type: 'Connected', hub, clientId: expect.any(String) });
    for (const feature of carried) {
      expect(await client.next()).toMatchObject({ type: 'Snapshot', hub: feature, reason: 'Initial', status: 'live' });
    }
    await client.close();
    expect(client.frames).toHaveLength(1 + carried.length);
    expect(client.frames.flatMap((frame) => flawsOf(frame, schemas))).toEqual([]);
  });

  test('answers every method, and says nothing that its schemas do not name', async () => {
    const client = await connectHub(server.url, hub);
    const other = await connectHub(server.url, hub);
    for (const each of [client, other]) await each.nextOf('Snapshot', { hub: carried.at(-1) });

    client.invoke('GetInitialData');
    for (const feature of carried) await client.nextOf('Snapshot', { hub: feature, reason: 'Initial' });
    client.send({ type: 'Subscribe', method: 'SubscribeToWhatever' });
    expect(await client.next()).toEqual({ type: 'SubscriptionConfirmed', hub, topic: 'Whatever' });
    client.invoke('SubscribeToStatus');
    expect(await client.next()).toEqual({ type: 'SubscriptionConfirmed', hub, topic: 'Status' });
    for (const topic of hub === 'all' ? [...carried, 'notifications'] : carried) {
      const live = { type: 'Status', hub: topic, status: 'live', since: null, reason: null };
      expect(await client.next()).toEqual(live);
    }
    client.send({ type: 'Ping', timestamp: 1_700_000_000_000 });
    expect(await client.next()).toEqual({ type: 'Pong', timestamp: 1_700_000_000_000 });
    client.invoke('ForceUpdate');
    expect(await client.nextOf('UpdateProcessed')).toEqual({ type: 'UpdateProcessed', hub, status: 'ok' });
    client.invoke('NoSuchMethod');
    expect(await client.next()).toMatchObject({ type: 'Error', code: 'unknown-method' });

    // Whatever a client asks for, the others get the snapshots of the refresh, and nothing else.
    other.send({ type: 'Ping', timestamp: 'the end' });
    await other.nextOf('Pong');
    expect(other.frames.map(({ type }) => type).sort()).toEqual(
      ['Connected', 'Pong', ...carried.flatMap(() => ['Snapshot', 'Snapshot'])].sort(),
    );
    for (const each of [client, other]) {
      const manual = ofType(each.frames, 'Snapshot').filter(({ reason }) => reason === 'Manual');
      expect(manual.map((frame) => frame.hub).sort()).toEqual([...carried].sort());
      expect(each.frames.flatMap((frame) => flawsOf(frame, schemas))).toEqual([]);
      await each.close();
    }
    expect(server.errors).toEqual([]);
  });
});

test('a frame that is not as the contract says has flaws', () => {
  const status: Frame = { type: 'Status', hub: 'claims', status: 'stale', since: null, reason: null };
  expect(flawsOf(status, schemas)).not.toEqual([]);
  const snapshot: Frame = { type: 'Snapshot', hub: 'claims', data: {} };
  expect(flawsOf(snapshot, schemas)).not.toEqual([]);
  expect(flawsOf({ type: 'Pong', timestamp: 1, more: true }, schemas)).not.toEqual([]);
  expect(flawsOf({ type: 'Novelty' }, schemas)).not.toEqual([]);
});
