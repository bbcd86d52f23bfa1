import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { noticedFeatures } from './noticed-features.ts';
import type { ScriptedFeatures } from './scripted-features.ts';

let folder: string;
let scripted: ScriptedFeatures<'claims' | 'users'>;
let store: Store;
let server: HubServer;
let client: HubClient;

const fail = (error: unknown) => {
  throw error;
};

async function start(): Promise<void> {
  store = await openStore(folder, fail);
  server = startHubServer({ ...scripted, store });
  client = await connectHub(server.url, 'notifications');
}

/** As a process that is killed: nothing is closed in the store, but what was written stays. */
async function kill(): Promise<void> {
  await server.stop();
  expect(server.errors).toEqual([]);
}

async function stop(): Promise<void> {
  await kill();
  await store.close();
}

/** Every title that the client got by now, and by the time each feature was refreshed once more. */
async function titles(): Promise<unknown[]> {
  for (const { actor } of server.supervisor.running) await actor.refresh();
  // The store answers in order: once it has, whatever the refreshes yielded has been told.
  await store.notifications.keep({ rule: 'none', memory: '', notifications: [], forgetBefore: 0 });
  client.send({ type: 'Ping' });
  await client.nextOf('Pong');
  return client.frames.filter(({ type }) => type === 'Notification').map(({ title }) => title);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restart-'));
  scripted = noticedFeatures('claims', 'users');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the first start tells nothing of what was so before', async () => {
  scripted.scripts.claims.show(7);
  await start();
  expect(await titles()).toEqual([]);
  await stop();
});

test('what happened while the server was down is noticed at its start, and what was told is not told again', async () => {
  await start();
  expect(await titles()).toEqual([]);
  scripted.scripts.claims.show(1);
  expect(await titles()).toEqual(['Passed 1']);
  await stop();

  scripted.scripts.claims.show(3);
  await start();
  expect(await titles()).toEqual(['Passed 1', 'Passed 2', 'Passed 3']);
  const ids = client.frames.flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
  expect(ids).toEqual([...new Set(ids)].toSorted((left, right) => left - right));
  await stop();

  // Back, and up again: the same occurrences, noticed anew.
  scripted.scripts.claims.show(1);
  await start();
  expect(await titles()).toHaveLength(3);
  await stop();
  scripted.scripts.claims.show(4);
  await start();
  expect((await titles()).slice(3)).toEqual(['Passed 4']);
  await stop();
});

test('a process that is killed has lost nothing that it told', async () => {
  await start();
  await titles();
  scripted.scripts.users.show(2);
  expect(await titles()).toEqual(['Passed 1', 'Passed 2']);
  await kill();
  const killed = store;
  scripted.scripts.users.show(3);
  await start();
  expect(await titles()).toEqual(['Passed 1', 'Passed 2', 'Passed 3']);
  await stop();
  await killed.close();
});

test('a source that is still lost after a restart is not notified again, and its recovery is', async () => {
  await start();
  await titles();
  scripted.failSourceWith('connection refused');
  expect(await titles()).toEqual(['The SQL database is lost']);
  await stop();

  await start();
  expect(await titles()).toEqual(['The SQL database is lost']);
  await stop();

  scripted.failSourceWith(null);
  await start();
  expect(await titles()).toEqual(['The SQL database is lost', 'The SQL database is back']);
  await stop();
});

test('what is remembered of one source says nothing of another', async () => {
  await start();
  await titles();
  await stop();
  const { feeds, mirror } = scripted.sources;
  const sql = { ...feeds.sql, description: 'another company' };
  scripted.scripts.claims.show(5);
  store = await openStore(folder, fail);
  server = startHubServer({ ...scripted, sources: { feeds: { ...feeds, sql }, mirror }, store });
  client = await connectHub(server.url, 'notifications');
  expect(await titles()).toEqual([]);
  scripted.scripts.claims.show(6);
  expect(await titles()).toEqual(['Passed 6']);
  await stop();
});
