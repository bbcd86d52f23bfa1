import { afterEach, describe, expect, test } from 'bun:test';
import type { NotificationEntry } from '../../../src/core/notifications/notification-store.ts';
import { openOutletMemory } from '../../../src/core/outlets/outlet-memory.ts';
import { sequenceOf } from '../../../src/core/runtime/sequence.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const CRASHING = new URL('./crashing-worker.ts', import.meta.url);
const folder = temporaryFolders();
const opened: Store[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

async function open(directory: string) {
  const errors: unknown[] = [];
  let started = Promise.withResolvers<void>();
  const store = await openStore(directory, (error) => errors.push(error), {
    createWorker(_url, argv) {
      started.resolve();
      return new Worker(CRASHING, { argv });
    },
  });
  opened.push(store);
  return {
    store,
    errors,
    /** Resolves once another Worker is being started. */
    async crash() {
      started = Promise.withResolvers();
      const channel = new BroadcastChannel('crash the store');
      channel.postMessage(null);
      await started.promise;
      channel.close();
    },
  };
}

async function reopened(store: Store, directory: string): Promise<Store> {
  opened.splice(opened.indexOf(store), 1);
  await store.close();
  const again = await openStore(directory, () => {});
  opened.push(again);
  return again;
}

const entry = (id: number): NotificationEntry => ({
  rule: 'a rule',
  memory: `memory ${id}`,
  notifications: [
    {
      key: `key ${id}`,
      notification: {
        ...{ id, hub: 'claims', severity: 'info', title: 'title', message: 'message', data: {} },
        at: new Date(id).toISOString(),
      },
    },
  ],
  forgetBefore: 0,
});

describe('a Worker of the store that ends by itself', () => {
  test('is started again, more than once, and its end is reported each time', async () => {
    const { store, errors, crash } = await open(folder());
    for (let crashes = 1; crashes <= 2; crashes++) {
      await crash();
      expect(errors.map(String)).toEqual(Array.from({ length: crashes }, () => 'SourceError: The store stopped'));
      expect(errors.every((error) => error instanceof SourceError && String(error.cause).includes('a bug'))).toBe(true);
      await store.notifications.keep(entry(crashes));
    }
  });

  test('loses no mark that was saved meanwhile', async () => {
    const directory = folder();
    const { store, crash } = await open(directory);
    const next = sequenceOf('claims', store);
    const crashed = crash();
    for (let content = 1; content <= 50; content++) expect(next(`content ${content}`)).toBe(content);
    await crashed;
    // Written by the Worker that was started, after the marks.
    await store.notifications.keep(entry(1));
    const again = await reopened(store, directory);
    expect(again.restored('claims')).toEqual({ seq: 50, hash: 'content 50' });
  });

  test('keeps no snapshot waiting for its number, and goes on numbering', async () => {
    const { store, crash } = await open(folder());
    const next = sequenceOf('claims', store);
    const crashed = crash();
    for (let content = 1; content <= 20; content++) {
      await store.agree?.('claims', `content ${content}`);
      expect(next(`content ${content}`)).toBe(content);
    }
    await crashed;
  });

  test('writes every notification that was entered meanwhile, once', async () => {
    const directory = folder();
    const { store, crash } = await open(directory);
    const crashed = crash();
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    await Promise.all(ids.map((id) => store.notifications.keep(entry(id))));
    await crashed;
    const again = await reopened(store, directory);
    expect([...again.notifications.past.keys.values()]).toEqual(ids);
    expect(again.notifications.past.memories.get('a rule')).toBe('memory 100');
  });

  test('writes what outlets remembered meanwhile, the newest of each key', async () => {
    const directory = folder();
    const { store, crash } = await open(directory);
    const memory = openOutletMemory(store.outlets, 'rows');
    const crashed = crash();
    const values = Array.from({ length: 100 }, (_, index) => `${index}`);
    await Promise.all(values.map((value) => memory.save({ newest: value, [value]: value })));
    await crashed;
    const again = await reopened(store, directory);
    const kept = again.outlets.past.get('rows');
    expect(kept?.get('newest')).toBe('99');
    expect(kept?.size).toBe(101);
  });
});

test('a store that is closed while its Worker is away leaves a gap, like one that did not end by itself', async () => {
  const directory = folder();
  const { store, errors, crash } = await open(directory);
  await store.agree?.('claims', 'a');
  void crash();
  while (errors.length === 0) await new Promise(setImmediate);
  store.save('claims', { seq: 2, hash: 'b' });
  const again = await reopened(store, directory);
  expect(again.restored('claims')).toEqual({ seq: 1_001, hash: '' });
});
