import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { CompanySpec } from '../../src/demo/data/spec.ts';
import { fillDatabase } from '../../src/demo/database.ts';
import {
  clearUnfinished,
  createCached as createCachedCompany,
  openCached as openCachedCompany,
} from '../../src/demo/database-cache.ts';
import { canMount, mountDisk, mountMissing } from '../support/small-disk.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { unless } from '../support/unless.ts';

const temporaryFolder = temporaryFolders();
const HOUR_MS = 3_600_000;
const ANCHOR = Date.UTC(2026, 2, 15, 12);
const SPEC = { seed: 3, scale: 0.01, anchor: ANCHOR };

const fill = (database: Database) => fillDatabase(database, SPEC, () => {});

const openCached = (folder: string, spec: CompanySpec) => openCachedCompany(folder, spec)?.database ?? null;
const createCached = (...args: Parameters<typeof createCachedCompany>) =>
  createCachedCompany(...args)?.database ?? null;

/** A folder that keeps a company, and the path of the file. */
function kept() {
  const folder = temporaryFolder();
  createCached(folder, SPEC, fill)?.close();
  const [name = ''] = readdirSync(folder);
  return { folder, path: join(folder, name) };
}

function usersIn(database: Database | null): number {
  return Number(database?.query('select count(*) from AspNetUsers').values()[0]?.[0]);
}

describe('a company that was kept', () => {
  test('serves the next start, and can be written to', () => {
    const { folder } = kept();
    const database = openCached(folder, { ...SPEC, anchor: ANCHOR + HOUR_MS });
    expect(usersIn(database)).toBe(200);
    database?.run("update Payments set Status = 'approved'");
    database?.run('create table Larger as select a.* from Payments as a, Courses');
    expect(usersIn(openCached(folder, SPEC))).toBe(200);
  });

  test('has a name by which its rows are known to be the same', () => {
    const folder = temporaryFolder();
    const made = createCachedCompany(folder, SPEC, fill);
    expect(made?.image).toMatch(/^demo [0-9a-f]+$/);
    expect(openCachedCompany(folder, { ...SPEC, anchor: ANCHOR + 1000 })?.image).toBe(made?.image ?? null);
    const later = createCachedCompany(temporaryFolder(), { ...SPEC, anchor: ANCHOR + 60_000 }, fill);
    expect(later?.image).not.toBe(made?.image);
  });

  test('is a file of its own that is gone when nobody has it open', () => {
    const { folder } = kept();
    const [first, second] = [openCached(folder, SPEC), openCached(folder, SPEC)];
    first?.run('delete from AspNetUsers');
    expect([usersIn(first), usersIn(second)]).toEqual([0, 200]);
    expect(() => first?.transaction(() => first.run('insert into Nowhere values (1)'))()).toThrow('no such table');
    expect(first?.query('pragma integrity_check').values()).toEqual([['ok']]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('may be read by its owner alone', () => {
    expect(statSync(kept().path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['an hour is over', { ...SPEC, anchor: ANCHOR + HOUR_MS + 60_000 }],
    ['the clock was set back', { ...SPEC, anchor: ANCHOR - 60_000 }],
    ['another seed is asked for', { ...SPEC, seed: 4 }],
    ['another size is asked for', { ...SPEC, scale: 0.02 }],
  ])('counts as none when %s', (_why, spec) => {
    expect(openCached(kept().folder, spec)).toBeNull();
  });

  test('counts as none when it was cut off or is damaged, wherever that is', () => {
    const { folder, path } = kept();
    const whole = readFileSync(path);
    void fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const damaged = Buffer.from(isCut ? whole.subarray(0, at) : whole);
        if (!isCut) damaged.writeUInt8((damaged.readUInt8(at) ^ flip) & 255, at);
        writeFileSync(path, damaged);
        expect(openCached(folder, SPEC)).toBeNull();
      }),
      { numRuns: 60 },
    );
    writeFileSync(path, 'no database');
    expect(openCached(folder, SPEC)).toBeNull();
    createCached(folder, SPEC, fill);
    expect(usersIn(openCached(folder, SPEC))).toBe(200);
  });

  test('takes the place of others; a folder that cannot be written is no error', () => {
    const { folder } = kept();
    createCached(folder, { ...SPEC, seed: 4 }, fill);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(createCached('/dev/null/nowhere', SPEC, fill)).toBeNull();
    expect(openCached('/dev/null/nowhere', SPEC)).toBeNull();
    expect(() => clearUnfinished('/dev/null/nowhere')).not.toThrow();
  });
});

describe('what a process left behind that ended while it wrote', () => {
  test('is removed, that of a living one is not, nor anything else', async () => {
    const { folder, path } = kept();
    const dead = Bun.spawn(['true']);
    await dead.exited;
    const living = Bun.spawn(['sleep', '60']);
    const others = ['greg-bi.sqlite', 'demo-notes.txt'];
    for (const name of [`${path}.${dead.pid}`, `${path}.${living.pid}`, `${path}.${process.pid}.new`]) {
      writeFileSync(name, 'half');
    }
    for (const name of others) writeFileSync(join(folder, name), '');
    clearUnfinished(folder);
    expect(existsSync(`${path}.${dead.pid}`)).toBe(false);
    expect(existsSync(`${path}.${process.pid}.new`)).toBe(false);
    expect(existsSync(`${path}.${living.pid}`)).toBe(true);
    for (const name of others) expect(existsSync(join(folder, name))).toBe(true);
    living.kill();
    await living.exited;
    clearUnfinished(folder);
    expect(existsSync(`${path}.${living.pid}`)).toBe(false);
    expect(usersIn(openCached(folder, SPEC))).toBe(200);
  });
});

test.skipIf(!canMount)(unless(mountMissing, 'a folder without room keeps nothing, and leaves nothing behind'), () => {
  for (const kilobytes of [64, 250, 400, 600]) {
    const disk = mountDisk(kilobytes);
    try {
      const made = createCached(disk.path, SPEC, fill);
      made?.close();
      const [name, ...others] = readdirSync(disk.path);
      expect(others).toEqual([]);
      if (name !== undefined) expect(usersIn(openCached(disk.path, SPEC))).toBe(200);
      disk.resize(8_192);
      createCached(disk.path, SPEC, fill)?.close();
      const again = openCached(disk.path, SPEC);
      expect(usersIn(again)).toBe(200);
      again?.close();
    } finally {
      Bun.gc(true);
      disk.close();
    }
  }
});
