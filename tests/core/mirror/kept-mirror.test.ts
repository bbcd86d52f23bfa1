import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mirrorShape } from '../../../src/core/mirror/store-tables.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { catalogWithout, contentOf, load, mirrored, openSmall, problemsIn, rowsOfBatch } from './small-mirror.ts';

const PROGRAM = Bun.fileURLToPath(new URL('./writing-program.ts', import.meta.url));
const folder = temporaryFolders();
const newPath = () => join(folder(), 'mirror.sqlite');

async function keep(path: string, number = 1): Promise<void> {
  const { mirror } = openSmall(path);
  await load(mirror, rowsOfBatch(number), String(number));
  mirror.close();
}

test('every file of it is readable by its owner alone, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    const path = newPath();
    const { mirror } = openSmall(path);
    const modes = () =>
      readdirSync(dirname(path)).map((name) => [name, statSync(join(dirname(path), name)).mode & 0o777] as const);
    mirror.begin('load', catalogWithout());
    mirror.rows('Payments', rowsOfBatch(1).Payments);
    expect(modes().map(([name]) => name)).toContain('mirror.sqlite.loading');
    expect(modes().filter(([, mode]) => mode !== 0o600)).toEqual([]);
    await mirror.commit('1');
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', rowsOfBatch(2).Payments);
    await mirror.commit('2');
    expect(
      modes()
        .map(([name]) => name)
        .sort(),
    ).toEqual(['mirror.sqlite', 'mirror.sqlite-wal', 'mirror.sqlite.lock']);
    expect(modes().filter(([, mode]) => mode !== 0o600)).toEqual([]);
    mirror.close();
  } finally {
    process.umask(before);
  }
});

test('a restart goes on from the position, with everything that was there', async () => {
  const path = newPath();
  const first = openSmall(path);
  await load(first.mirror, { ...rowsOfBatch(1), logs: [['l', 'no instant', 'Error']] }, '1');
  first.mirror.begin('changes', catalogWithout());
  first.mirror.deleted('Payments', ['p1']);
  await first.mirror.commit('2');
  const [content, problems] = [contentOf(first.database()), problemsIn(first.mirror)];
  first.mirror.close();

  const second = openSmall(path);
  expect(second.mirror.state()).toEqual({ position: '2', catalog: catalogWithout() });
  expect(contentOf(second.database())).toEqual(content);
  expect(problemsIn(second.mirror)).toEqual(problems);
  second.mirror.begin('changes', catalogWithout());
  second.mirror.deleted('Payments', ['p2']);
  expect(await second.mirror.commit('3')).toEqual({ tables: ['Payments'], rows: 1 });
  second.mirror.close();
});

describe('is loaded anew', () => {
  const expectLoadable = async (path: string) => {
    const { mirror } = openSmall(path);
    expect(mirror.state()).toBeNull();
    await load(mirror, rowsOfBatch(9), '9');
    mirror.close();
    const again = openSmall(path);
    expect(again.mirror.state()?.position).toBe('9');
    again.mirror.close();
  };

  test('when it was made for other tables or rollups', async () => {
    const path = newPath();
    await keep(path);
    const other = openSmall(path, mirrorShape([mirrored.Payments], []));
    expect(other.mirror.state()).toBeNull();
    other.mirror.close();
    await expectLoadable(path);
  });

  test.each<[string, (path: string) => void]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['text', (path) => writeFileSync(path, 'not a database at all\n'.repeat(500))],
    ['cut off in its header', (path) => truncateSync(path, 60)],
    ['cut off', (path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096)],
    ['cut off within a page', (path) => truncateSync(path, 4096 + 100)],
    ['overwritten at its beginning', (path) => overwrite(path, 0, 200)],
    ['overwritten in its first pages', (path) => overwrite(path, 100, 3 * 4096)],
    [
      'a database of another program',
      (path) => {
        writeFileSync(path, '');
        const database = new Database(path);
        database.run('create table "MirrorState" (something)');
        database.close();
      },
    ],
  ])('when its file is %s', async (_, damage) => {
    const path = newPath();
    await keep(path);
    damage(path);
    await expectLoadable(path);
  });

  test.each<['reads' | 'writes']>([['reads'], ['writes']])('when damage inside is found by what %s', async (what) => {
    const path = newPath();
    const payments = Array.from({ length: 5_000 }, (_, id) => [`p${id}`, 'u', 'approved', 1, null]);
    const first = openSmall(path);
    await load(first.mirror, { Payments: payments }, '1');
    first.mirror.close();
    // The middle is full of rows.
    const pages = statSync(path).size / 4096;
    overwrite(path, Math.floor(pages * 0.3) * 4096, Math.floor(pages * 0.6) * 4096);
    const { mirror, database } = openSmall(path);
    expect(mirror.state()?.position).toBe('1');
    const meet = {
      reads: async () => mirror.reading(() => contentOf(database())),
      async writes() {
        mirror.begin('changes', catalogWithout());
        mirror.whole('Payments');
        return mirror.commit('2');
      },
    };
    await expect(meet[what]()).rejects.toThrow(new SourceError('The mirror was damaged, and is loaded again'));
    expect(mirror.state()).toBeNull();
    expect(mirror.reader()).toBeNull();
    expect(() => mirror.begin('changes', catalogWithout())).toThrow(SourceError);
    await load(mirror, rowsOfBatch(3), '3');
    expect(mirror.state()?.position).toBe('3');
    mirror.close();
  });
});

test('what a load left that was cut off is cleared at the next start', async () => {
  const path = newPath();
  await keep(path);
  for (const end of ['', '-wal', '-shm', '-journal']) writeFileSync(`${path}.loading${end}`, 'half');
  const { mirror } = openSmall(path);
  expect(readdirSync(dirname(path)).filter((name) => name.includes('loading'))).toEqual([]);
  expect(mirror.state()?.position).toBe('1');
  mirror.close();
});

test('a log that was left beside no file is not taken for the next one', async () => {
  const path = newPath();
  const { mirror } = openSmall(path);
  await load(mirror, rowsOfBatch(1), '1');
  mirror.begin('changes', catalogWithout());
  mirror.rows('Payments', rowsOfBatch(2).Payments);
  await mirror.commit('2');
  const log = readFileSync(`${path}-wal`);
  expect(log.length).toBeGreaterThan(0);
  mirror.close();

  const elsewhere = newPath();
  writeFileSync(`${elsewhere}-wal`, log);
  const other = openSmall(elsewhere);
  await load(other.mirror, rowsOfBatch(3), '3');
  other.mirror.close();
  const again = openSmall(elsewhere);
  expect(again.mirror.state()?.position).toBe('3');
  expect(again.mirror.reader()?.count('Payments')).toBe(200);
  again.mirror.close();
});

test('the log of changes does not grow without bound', async () => {
  const path = newPath();
  const { mirror } = openSmall(path);
  await load(mirror, rowsOfBatch(1), '1');
  const sizes: number[] = [];
  for (let number = 2; number < 202; number++) {
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', rowsOfBatch(number).Payments);
    mirror.rows('Claims', rowsOfBatch(number).Claims);
    await mirror.commit(String(number));
    sizes.push(statSync(`${path}-wal`).size);
  }
  expect(Math.max(...sizes)).toBeLessThan(8 * 1024 ** 2);

  // A transaction of many times that is cut back by the ones after it.
  const many = Array.from({ length: 200_000 }, (_, id) => [`q${id}`, 'u', 'approved', 1, null]);
  mirror.begin('changes', catalogWithout());
  mirror.rows('Payments', many);
  await mirror.commit('300');
  for (let number = 301; number < 304; number++) {
    mirror.begin('changes', catalogWithout());
    mirror.rows('Claims', rowsOfBatch(number).Claims);
    await mirror.commit(String(number));
  }
  expect(statSync(`${path}-wal`).size).toBeLessThanOrEqual(16 * 1024 ** 2);
  mirror.close();
}, 60_000);

describe('another process', () => {
  test('cannot use it meanwhile, and can once the first has ended, however that was', async () => {
    const path = newPath();
    const child = Bun.spawn([process.execPath, PROGRAM, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await child.stdout.getReader().read();
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(() => openSmall(path)).toThrow(new SourceError('Another process keeps its mirror there'));
      await Bun.sleep(2);
    }
    child.kill('SIGKILL');
    await child.exited;
    const { mirror } = openSmall(path);
    expect(mirror.state()).not.toBeNull();
    mirror.close();
  });

  test('is another thread or caller of this one as well, whose attempt breaks no lock', async () => {
    const path = newPath();
    const { mirror } = openSmall(path);
    for (let attempt = 0; attempt < 2; attempt++) expect(() => openSmall(path)).toThrow(SourceError);
    const child = Bun.spawnSync([process.execPath, PROGRAM, path]);
    expect(String(child.stderr)).toContain('Another process keeps its mirror there');
    await load(mirror, rowsOfBatch(1), '1');
    mirror.close();
    expect(existsSync(path)).toBe(true);
  });
});

function overwrite(path: string, from: number, to: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, from, Math.min(to, bytes.length));
  writeFileSync(path, bytes);
}
