import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import { sequenceOf } from '../../../src/core/runtime/sequence.ts';
import { openStore, STORE_FILE, type Store } from '../../../src/core/store/store.ts';
import { createVolatileStore } from '../../../src/core/store/volatile-store.ts';
import { keepNewest, RESTORED, restoreSnapshots, type WarmStartOptions } from '../../../src/core/store/warm-start.ts';
import { scriptFeed } from '../../support/scripted-feed.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { scriptFeatures } from '../hubs/scripted-features.ts';
import { scriptedActor } from '../runtime/scripted-actor.ts';

const folder = temporaryFolders();
const opened: Store[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

const claims = scriptFeatures('claims').scripts.claims.feature;

async function open(directory: string) {
  const errors: unknown[] = [];
  const store = await openStore(directory, (error) => errors.push(error), { writeEveryMs: 1 });
  opened.push(store);
  return { store, errors };
}

/** @returns what a start on this store serves, and why a snapshot was dropped */
async function restore(store: Store, options: Partial<WarmStartOptions> & { readonly description?: string } = {}) {
  const { description = 'a database', ...rest } = options;
  const dropped: string[] = [];
  const errors: unknown[] = [];
  const warmStart: WarmStartOptions = {
    features: [claims],
    feeds: { sql: scriptFeed('sql', { description }).feed, documents: scriptFeed('documents').feed },
    timeZone: 'America/Sao_Paulo',
    store,
    onDropped: (feature, reason) => dropped.push(`${feature}: ${reason}`),
    onError: (error) => errors.push(error),
    ...rest,
  };
  return { warmStart, restored: await restoreSnapshots(warmStart), dropped, errors };
}

/** Publishes these values as a running server does. */
async function publish(store: Store, ...values: readonly number[]) {
  const { warmStart } = await restore(store);
  const scripted = scriptedActor({ nextSeq: sequenceOf('claims', store), timings: { changeWaitFactor: 0 } });
  keepNewest([{ feature: claims, actor: scripted.actor }], warmStart);
  scripted.actor.start();
  await scripted.clock.settle();
  for (const value of values) {
    const data = { value, filler: 'ação' };
    await store.agree?.('claims', encodeContent({ data, unavailable: [], problems: [] }).hash);
    await scripted.load().succeed(data);
    scripted.actor.changed();
    await scripted.clock.settle();
  }
  return scripted.actor.latest();
}

async function close(store: Store): Promise<void> {
  opened.splice(opened.indexOf(store), 1);
  await store.close();
}

/** A folder that a server with these values was stopped on. */
async function stoppedOn(...values: readonly number[]) {
  const directory = folder();
  const { store } = await open(directory);
  const latest = await publish(store, ...values);
  await close(store);
  return { directory, latest };
}

/** Changes the stored snapshot behind the back of the server. */
function tamper(directory: string, sql: string): void {
  const database = new Database(join(directory, STORE_FILE));
  database.run(sql);
  database.close();
}

/** Another process that has the store open and numbers contents. */
async function startOther(directory: string) {
  const program = Bun.fileURLToPath(import.meta.resolve('./numbering-run.ts'));
  const child = Bun.spawn([process.execPath, program, directory, 'claims'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = child.stdout.getReader();
  const line = async () => new TextDecoder().decode((await output.read()).value).trim();
  expect(await line()).toBe('ready');
  return {
    async number(hash: string) {
      child.stdin.write(`${hash}\n`);
      child.stdin.flush();
      return Number(await line());
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}

const LOST = 'claims: it came from another source, time zone or version of the program';

describe('a start after a stop', () => {
  test('serves the last snapshot with its number, stale since its own instant', async () => {
    const { directory, latest } = await stoppedOn(1, 2, 3);
    const { restored, dropped } = await restore((await open(directory)).store);
    expect(latest).toMatchObject({ seq: 3, data: { value: 3 } });
    expect(restored.get('claims')).toEqual({
      ...{ feature: 'claims', seq: 3, generatedAt: latest?.generatedAt ?? Number.NaN },
      ...{ data: { value: 3, filler: 'ação' }, unavailable: [], problems: [] },
      encoded: encodeContent({ data: { value: 3, filler: 'ação' }, unavailable: [], problems: [] }),
      freshness: { status: 'stale', since: latest?.generatedAt ?? Number.NaN, reason: RESTORED },
    });
    expect(dropped).toEqual([]);
  });

  test('serves it again after starts that refreshed nothing', async () => {
    const { directory } = await stoppedOn(1);
    for (let start = 0; start < 3; start++) {
      const { store } = await open(directory);
      expect((await restore(store)).restored.get('claims')).toMatchObject({ seq: 1, data: { value: 1 } });
      await close(store);
    }
  });

  test('serves nothing where nothing was kept', async () => {
    expect((await restore((await open(folder())).store)).restored.size).toBe(0);
    expect((await restore(createVolatileStore(0))).restored.size).toBe(0);
  });

  test.each<[string, Partial<WarmStartOptions> & { readonly description?: string }]>([
    ['another database', { description: 'another database' }],
    ['another time zone', { timeZone: 'UTC' }],
    ['another schema', { features: [{ ...claims, schema: Type.Object({ value: Type.Integer() }) }] }],
  ])('drops a snapshot of %s for good', async (_what, options) => {
    const { directory } = await stoppedOn(1);
    const { store } = await open(directory);
    const { restored, dropped } = await restore(store, options);
    expect(restored.size).toBe(0);
    expect(dropped).toEqual([LOST]);
    expect((await restore(store)).restored.size).toBe(0);
    // The numbers go on all the same.
    expect(await publish(store, 2)).toMatchObject({ seq: 2 });
  });

  test('drops the snapshot of a feature that is gone', async () => {
    const { directory } = await stoppedOn(1);
    const { restored, dropped } = await restore((await open(directory)).store, { features: [] });
    expect([restored.size, dropped]).toEqual([0, ['claims: there is no such feature any more']]);
  });

  test.each([
    ['cut off', 'update Snapshots set data = substr(data, 1, 10)'],
    ['of no text', 'update Snapshots set data = 17'],
    ['without a valid instant', "update Snapshots set generatedAt = 'yesterday'"],
    ['of another content', `update Snapshots set data = '{"value":9,"filler":""}'`],
  ])('drops a row that is damaged: %s', async (_what, sql) => {
    const { directory } = await stoppedOn(1);
    tamper(directory, sql);
    const { restored, dropped } = await restore((await open(directory)).store);
    expect([restored.size, dropped]).toEqual([0, ['claims: it is damaged']]);
  });

  test('never serves data of a shape that the schema does not allow', async () => {
    const { directory } = await stoppedOn(1);
    const { hash } = encodeContent({ data: { value: 'one' }, unavailable: [], problems: [] });
    tamper(directory, `update Snapshots set data = '{"value":"one"}', hash = '${hash}'`);
    const { restored, dropped } = await restore((await open(directory)).store);
    expect([restored.size, dropped]).toEqual([0, ['claims: it is damaged']]);
  });

  test('goes on without it if the table cannot be read', async () => {
    const { directory } = await stoppedOn(1);
    const { store } = await open(directory);
    tamper(directory, 'drop table Snapshots');
    const { restored, errors } = await restore(store);
    expect(restored.size).toBe(0);
    expect(errors.map(String)).toEqual(['SQLiteError: no such table: Snapshots']);
  });
});

describe('the number of a restored snapshot', () => {
  test('is a new one after a process was killed: clients may have seen later numbers', async () => {
    const { directory } = await stoppedOn(1, 2);
    // A process that never ends, as far as the next one can see.
    await open(directory);
    const { store } = await open(directory);
    const { restored } = await restore(store);
    expect(restored.get('claims')).toMatchObject({ seq: 1_003, data: { value: 2 } });
    expect(await publish(store, 2)).toMatchObject({ seq: 1_003 });
    await close(store);
    // The content keeps it over a stop.
    expect((await restore((await open(directory)).store)).restored.get('claims')).toMatchObject({ data: { value: 2 } });
  });

  test('is not that of a newer content that was not kept', async () => {
    const { directory } = await stoppedOn(1, 2);
    const { store } = await open(directory);
    expect(sequenceOf('claims', store)('a content that was never written')).toBe(3);
    await close(store);
    const again = (await open(directory)).store;
    expect((await restore(again)).restored.get('claims')).toMatchObject({ seq: 4, data: { value: 2 } });
    expect(sequenceOf('claims', again)('the next')).toBe(5);
  });

  test('is that of the other process on the folder; what that one has replaced is not served', async () => {
    const { directory } = await stoppedOn(1, 2, 3);
    await using other = await startOther(directory);
    const { store } = await open(directory);
    expect((await restore(store)).restored.get('claims')).toMatchObject({ seq: 3, data: { value: 3 } });
    await close(store);

    const next = encodeContent({ data: { value: 4, filler: 'ação' }, unavailable: [], problems: [] });
    expect(await other.number(next.hash)).toBe(4);
    const later = (await open(directory)).store;
    const { restored, dropped } = await restore(later);
    expect([restored.size, dropped]).toEqual([0, ['claims: another server on this folder has a newer one']]);
    expect(await publish(later, 4)).toMatchObject({ seq: 4, data: { value: 4 } });
  });
});

test('the file is readable by its owner only', async () => {
  const directory = folder();
  const { store } = await open(directory);
  await publish(store, 1);
  for (const end of ['', '-wal', '-shm']) expect(statSync(join(directory, STORE_FILE + end)).mode & 0o777).toBe(0o600);
});
