import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sequenceOf } from '../../../src/core/runtime/sequence.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { createVolatileStore } from '../../../src/core/store/volatile-store.ts';

const FILE = 'greg-bi.sqlite';
const root = await mkdtemp(join(tmpdir(), 'greg-bi-store-'));
const opened: Store[] = [];
let folders = 0;

afterAll(async () => {
  await Promise.allSettled(opened.map((store) => store.close()));
  await rm(root, { recursive: true });
});

const freshFolder = () => join(root, `folder ${++folders}`);

/** Opens a store that is closed after the tests though the test itself should not. */
async function open(folder: string, errors: unknown[] = []): Promise<Store> {
  const store = await openStore(folder, (error) => errors.push(error));
  opened.push(store);
  return store;
}

async function close(store: Store): Promise<void> {
  opened.splice(opened.indexOf(store), 1);
  await store.close();
}

/** Kills a run of its own process as soon as its mark is on the disk. */
async function crash(folder: string, feature: string, seq: number): Promise<void> {
  const program = Bun.fileURLToPath(import.meta.resolve('./crashing-run.ts'));
  const run = Bun.spawn([process.execPath, program, folder, feature, String(seq)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value } = await run.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe('saved\n');
  run.kill('SIGKILL');
  await run.exited;
}

describe('a store', () => {
  test('that is new knows no marks, and makes its folder', async () => {
    const folder = join(freshFolder(), 'made', 'deep');
    const store = await open(folder);
    expect(store.restored('claims')).toBeUndefined();
    expect(await Bun.file(join(folder, FILE)).exists()).toBe(true);
  });

  test('keeps its marks over a clean close, each feature its own, the last of each', async () => {
    const folder = freshFolder();
    const first = await open(folder);
    first.save('claims', { seq: 1, hash: 'a' });
    first.save('users', { seq: 7, hash: 'u' });
    first.save('claims', { seq: 2, hash: 'b' });
    await close(first);
    for (let run = 0; run < 3; run++) {
      const store = await open(folder);
      expect(store.restored('claims')).toEqual({ seq: 2, hash: 'b' });
      expect(store.restored('users')).toEqual({ seq: 7, hash: 'u' });
      expect(store.restored('support')).toBeUndefined();
      await close(store);
    }
  });

  test('writes everything before it is closed', async () => {
    const folder = freshFolder();
    const first = await open(folder);
    for (let seq = 1; seq <= 500; seq++) first.save('claims', { seq, hash: `${seq}` });
    await close(first);
    expect((await open(folder)).restored('claims')).toEqual({ seq: 500, hash: '500' });
  });

  test('takes any text for a name and a hash', async () => {
    const folder = freshFolder();
    const name = `'; drop table Sequences; -- é`;
    const first = await open(folder);
    first.save(name, { seq: 3, hash: `"'\n` });
    await close(first);
    expect((await open(folder)).restored(name)).toEqual({ seq: 3, hash: `"'\n` });
  });
});

describe('after a run that did not end by itself', () => {
  test('the numbers go on far ahead, and no content is taken for the last', async () => {
    const folder = freshFolder();
    await crash(folder, 'claims', 41);
    const store = await open(folder);
    const mark = store.restored('claims');
    expect(mark).toEqual({ seq: 1_041, hash: '' });
    expect(sequenceOf('claims', store)('hash of 41')).toBe(1_042);
    await close(store);
    expect((await open(folder)).restored('claims')).toEqual({ seq: 1_042, hash: 'hash of 41' });
  });

  test('a second one that saved nothing uses none of those numbers again', async () => {
    const folder = freshFolder();
    await crash(folder, 'claims', 41);
    // This run may have given out numbers from 1042 on, and died before any was on the disk.
    await open(folder);
    expect((await open(folder)).restored('claims')?.seq).toBeGreaterThanOrEqual(2_041);
  });

  test('a clean one that saved nothing keeps the gap', async () => {
    const folder = freshFolder();
    await crash(folder, 'claims', 41);
    await close(await open(folder));
    expect((await open(folder)).restored('claims')?.seq).toBe(1_041);
  });

  test('a new feature still begins at the start', async () => {
    const folder = freshFolder();
    await crash(folder, 'claims', 41);
    expect((await open(folder)).restored('users')).toBeUndefined();
  });
});

describe('a mark that could not be kept', () => {
  const FULL = `create trigger Full before insert on Sequences begin select raise(abort, 'disk full'); end`;

  async function fullStore(errors: unknown[]) {
    const folder = freshFolder();
    const store = await open(folder, errors);
    store.save('claims', { seq: 5, hash: 'e' });
    await close(store);
    const again = await open(folder, errors);
    const database = new Database(join(folder, FILE));
    database.run(FULL);
    return { folder, database, store: again };
  }

  test('is reported once, and the server goes on', async () => {
    const errors: unknown[] = [];
    const { store } = await fullStore(errors);
    for (let seq = 6; seq <= 9; seq++) expect(() => store.save('claims', { seq, hash: `${seq}` })).not.toThrow();
    await close(store);
    expect(errors.map(String)).toEqual(['SQLiteError: disk full']);
  });

  test('makes no number be given twice after a close that seemed clean', async () => {
    const { folder, database, store } = await fullStore([]);
    store.save('claims', { seq: 6, hash: 'f' });
    await close(store);
    database.run('drop trigger Full');
    const reopened = await open(folder);
    expect(sequenceOf('claims', reopened)('g')).toBeGreaterThan(6);
  });
});

describe('a folder that cannot be written', () => {
  test('is refused where it would lie below a file', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(open(join(root, 'file', 'folder'))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  test('is refused where a folder stands in place of the file', async () => {
    const folder = freshFolder();
    await mkdir(join(folder, FILE), { recursive: true });
    await expect(open(folder)).rejects.toThrow();
  });

  test('is refused where the file is no database', async () => {
    const folder = freshFolder();
    await mkdir(folder);
    await writeFile(
      join(folder, FILE),
      'This is no database, though it is long enough to be taken for one.'.repeat(20),
    );
    await expect(open(folder)).rejects.toThrow('file is not a database');
  });

  test('leaves nothing behind that would keep a program from ending', async () => {
    const folder = freshFolder();
    await mkdir(folder);
    new Database(join(folder, FILE), { create: true }).run('create table Processes (something text)');
    const store = JSON.stringify(join(import.meta.dir, '../../../src/core/store/store.ts'));
    const script = `const { openStore } = await import(${store});
      await openStore(${JSON.stringify(folder)}, () => {}).catch(() => console.log('refused'));`;
    const run = Bun.spawn([process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 });
    expect(await new Response(run.stdout).text()).toBe('refused\n');
    expect(await run.exited).toBe(0);
  });
});

describe('a volatile store', () => {
  test('goes by the clock, so that numbers do not go back over a restart', async () => {
    const now = Date.UTC(2026, 2, 15, 12);
    const first = createVolatileStore(now);
    const numbers = ['a', 'b', 'b', 'c'].map(sequenceOf('claims', first));
    expect(numbers).toEqual([1, 2, 2, 3].map((step) => now / 1_000 + step));
    await first.close();
    const [next] = ['c'].map(sequenceOf('claims', createVolatileStore(now + 10_999)));
    expect(next).toBe(now / 1_000 + 11);
  });

  test('knows every feature alike and keeps nothing', () => {
    const store = createVolatileStore(5_500);
    store.save('claims', { seq: 99, hash: 'x' });
    expect(store.restored('claims')).toEqual({ seq: 5, hash: '' });
    expect(store.restored('users')).toEqual({ seq: 5, hash: '' });
  });
});
