import { afterEach, describe, expect, test } from 'bun:test';
import { hostname } from 'node:os';
import type { NotificationEntry } from '../../../src/core/notifications/notification-store.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { isAlive, type StoreProcess } from '../../../src/core/store/presence.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const folder = temporaryFolders();
const opened: Store[] = [];
const children: Bun.Subprocess[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function open(directory: string, setBackMs = 0) {
  const notices: string[] = [];
  let noticed = () => {};
  const store = await openStore(directory, () => {}, {
    onNotice(text) {
      notices.push(text);
      noticed();
    },
    clock: { ...systemClock, now: () => Date.now() - setBackMs },
    beatMs: 20,
  });
  opened.push(store);
  const noticesUntil = async (count: number) => {
    while (notices.length < count) await new Promise<void>((resolve) => (noticed = resolve));
    return notices;
  };
  return { store, noticesUntil };
}

/** Another process that has the store open. */
async function startOther(directory: string) {
  const program = Bun.fileURLToPath(import.meta.resolve('./numbering-run.ts'));
  const child = Bun.spawn([process.execPath, program, directory, 'claims'], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await child.stdout.getReader().read();
  return child;
}

const sharedWith = (pid: number) =>
  expect.stringContaining(`STATE_DIR is used by another server too (process ${pid} on ${hostname()} since `);

describe('a second process on the same folder', () => {
  test('is noticed by the second at its start, and its end later', async () => {
    const directory = folder();
    const other = await startOther(directory);
    const { store, noticesUntil } = await open(directory);
    expect(store.notices).toEqual([sharedWith(other.pid)]);
    other.kill('SIGKILL');
    expect(await noticesUntil(1)).toEqual([`process ${other.pid} on ${hostname()} no longer uses STATE_DIR`]);
  });

  test('is noticed by the first', async () => {
    const directory = folder();
    const { store, noticesUntil } = await open(directory);
    expect(store.notices).toEqual([]);
    const other = await startOther(directory);
    expect(await noticesUntil(1)).toEqual([sharedWith(other.pid)]);
    other.stdin.end();
    await other.exited;
    expect((await noticesUntil(2))[1]).toBe(`process ${other.pid} on ${hostname()} no longer uses STATE_DIR`);
  });

  test('that has been killed is not taken for one that lives', async () => {
    const directory = folder();
    const other = await startOther(directory);
    other.kill('SIGKILL');
    await other.exited;
    expect((await open(directory)).store.notices).toEqual([]);
  });
});

describe('a process', () => {
  const now = 1_000_000;
  const own = { id: 'i', pid: process.ppid, host: hostname(), started: 0, beat: now };
  test.each<[string, StoreProcess, boolean]>([
    ['of this machine that exists', own, true],
    ['that has been silent for long', { ...own, beat: now - 15_001 }, false],
    ['of this machine that does not exist', { ...own, pid: 2 ** 22 + 1 }, false],
    ['with the number that this one has now', { ...own, pid: process.pid }, false],
    ['of another machine', { ...own, host: 'elsewhere', pid: process.pid }, true],
    ['of another machine that has been silent for long', { ...own, host: 'elsewhere', beat: now - 15_001 }, false],
  ])('%s', (_, found, alive) => {
    expect(isAlive(found, now)).toBe(alive);
  });
});

describe('what two processes keep of notifications', () => {
  const entry = (id: number, key: string, memory: string): NotificationEntry => ({
    rule: 'a rule',
    memory,
    notifications: [
      {
        key,
        notification: {
          ...{ id, hub: 'claims', severity: 'info', title: key, message: '"é"', data: { n: 1.5 } },
          at: new Date(id).toISOString(),
        },
      },
    ],
    forgetBefore: 0,
  });

  test('a memory that one noted earlier does not take the place of a later one', async () => {
    const directory = folder();
    const { store: late } = await open(directory, 60_000);
    const { store: first } = await open(directory);
    await first.notifications.keep(entry(1, 'a', 'newer'));
    await late.notifications.keep(entry(2, 'b', 'older'));
    const { past } = (await open(directory)).store.notifications;
    expect(past.memories.get('a rule')).toBe('newer');
    expect([...past.keys]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    await first.notifications.keep(entry(3, 'c', 'newest'));
    expect((await open(directory)).store.notifications.past.memories.get('a rule')).toBe('newest');
  });

  test('an occurrence that both noticed is kept once, and one of the same instant has an id of its own', async () => {
    const directory = folder();
    const { store: first } = await open(directory);
    const { store: second } = await open(directory);
    await first.notifications.keep(entry(10, 'a', ''));
    await second.notifications.keep(entry(11, 'a', ''));
    await second.notifications.keep(entry(10, 'b', ''));
    const { past } = (await open(directory)).store.notifications;
    expect([...past.keys]).toEqual([
      ['a', 10],
      ['b', 11],
    ]);
    expect(past.newest.map(({ id, title, data }) => ({ id, title, data }))).toEqual([
      { id: 10, title: 'a', data: { n: 1.5 } },
      { id: 11, title: 'b', data: { n: 1.5 } },
    ]);
  });
});
