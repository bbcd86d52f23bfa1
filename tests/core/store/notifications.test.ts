import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_KEPT } from '../../../src/core/notifications/journal.ts';
import type { Notification } from '../../../src/core/notifications/notification.ts';
import { forNewSources, type KeptNotification } from '../../../src/core/notifications/notification-store.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';

let folder: string;
let store: Store;

const fail = (error: unknown) => {
  throw error;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
  store = await openStore(folder, fail);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await store.close();
  store = await openStore(folder, fail);
}

function notification(id: number): Notification {
  const at = new Date(id).toISOString();
  return {
    id,
    hub: 'claims',
    severity: 'critical',
    title: `Nº ${id}`,
    message: 'ação',
    at,
    data: { id, deep: [null] },
  };
}

const kept = (...ids: readonly number[]): KeptNotification[] =>
  ids.map((id) => ({ key: `key ${id}`, notification: notification(id) }));

const keep = (notifications: readonly KeptNotification[], memory = '[]', forgetBefore = 0) =>
  store.notifications.keep({ rule: 'rule in a source', memory, notifications, forgetBefore });

const idsOf = ({ notifications: { past } }: Store) => [...past.keys.values()];

describe('notifications in the store', () => {
  test('a new store has none', () => {
    expect(store.notifications.past).toEqual({ newest: [], keys: new Map(), memories: new Map() });
  });

  test('of regenerated sources are kept, though older ones had the same keys', async () => {
    await keep(kept(10));
    const inNewSources = forNewSources(store.notifications, 20);
    await inNewSources.keep({
      rule: 'rule in a source',
      memory: '[]',
      notifications: [{ key: 'key 10', notification: notification(20) }],
      forgetBefore: 0,
    });
    await reopen();
    expect(store.notifications.past.newest).toEqual([10, 20].map(notification));
  });

  test('outlive it, with their keys and what rules remember', async () => {
    await keep(kept(10, 11), '[1]');
    await keep(kept(12), '[1,2]');
    await reopen();
    const { newest, keys, memories } = store.notifications.past;
    expect(newest).toEqual([10, 11, 12].map(notification));
    expect([...keys]).toEqual([
      ['key 10', 10],
      ['key 11', 11],
      ['key 12', 12],
    ]);
    expect([...memories]).toEqual([['rule in a source', '[1,2]']]);
  });

  test('are kept together with what the rule remembers, or not at all', async () => {
    await keep(kept(10), 'before');
    const database = new Database(join(folder, 'greg-bi.sqlite'));
    database.run(
      `create trigger Full before insert on Notifications when new.id = 12 begin select raise(abort, 'disk full'); end`,
    );
    database.close();
    const refused = await keep(kept(11, 12), 'after').then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(String(refused)).toBe('SQLiteError: disk full');
    await reopen();
    expect(idsOf(store)).toEqual([10]);
    expect(store.notifications.past.memories.get('rule in a source')).toBe('before');
  });

  test('are forgotten when they are old', async () => {
    await keep(kept(10, 20, 30));
    await keep(kept(40), '[]', 20);
    await reopen();
    expect(idsOf(store)).toEqual([20, 30, 40]);
  });

  test('are forgotten behind 10,000 others; the newest are there at the start', async () => {
    await keep(kept(...Array.from({ length: MOST_KEPT }, (_, index) => index + 1)));
    await keep(kept(MOST_KEPT + 1, MOST_KEPT + 2));
    await reopen();
    expect(idsOf(store)).toHaveLength(MOST_KEPT);
    expect(idsOf(store)[0]).toBe(3);
    expect(store.notifications.past.newest).toHaveLength(MOST_KEPT);
    expect(store.notifications.past.newest.at(-1)?.id).toBe(MOST_KEPT + 2);
  });

  test('that cannot be read are left out, and the others are there', async () => {
    await keep(kept(10, 11, 12));
    await store.close();
    const database = new Database(join(folder, 'greg-bi.sqlite'));
    database.run(`update Notifications set content = 'torn {' where id = 10`);
    database.run(`update Notifications set content = '{"id":11}' where id = 11`);
    database.close();
    store = await openStore(folder, fail);
    expect(store.notifications.past.newest.map(({ id }) => id)).toEqual([12]);
    expect(idsOf(store)).toEqual([10, 11, 12]);
  });
});
