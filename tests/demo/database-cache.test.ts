import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { fillDatabase } from '../../src/demo/database.ts';
import { clearUnfinished, keep, readKept } from '../../src/demo/database-cache.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const HOUR_MS = 3_600_000;
const ANCHOR = Date.UTC(2026, 2, 15, 12);
const SPEC = { seed: 3, scale: 0.01, anchor: ANCHOR };

function made(): Uint8Array {
  const database = new Database(':memory:', { strict: true });
  fillDatabase(database, SPEC, () => {});
  return database.serialize();
}

const image = made();

/** A folder that keeps a company, and the path of the file. */
function kept() {
  const folder = temporaryFolder();
  keep(folder, SPEC, image);
  const [name = ''] = readdirSync(folder);
  return { folder, path: join(folder, name) };
}

function usersIn(database: Database | null): number {
  return Number(database?.query('select count(*) from AspNetUsers').values()[0]?.[0]);
}

describe('a company that was kept', () => {
  test('serves the next start, and can be written to', () => {
    const { folder } = kept();
    const database = readKept(folder, { ...SPEC, anchor: ANCHOR + HOUR_MS });
    expect(usersIn(database)).toBe(200);
    database?.run("update Payments set Status = 'approved'");
    database?.run('create table Larger as select a.* from Payments as a, Courses');
    expect(usersIn(readKept(folder, SPEC))).toBe(200);
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
    expect(readKept(kept().folder, spec)).toBeNull();
  });

  test('counts as none when it was cut off or is damaged, wherever that is', () => {
    const { folder, path } = kept();
    const whole = readFileSync(path);
    void fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const damaged = Buffer.from(isCut ? whole.subarray(0, at) : whole);
        if (!isCut) damaged.writeUInt8((damaged.readUInt8(at) ^ flip) & 255, at);
        writeFileSync(path, damaged);
        expect(readKept(folder, SPEC)).toBeNull();
      }),
      { numRuns: 60 },
    );
    writeFileSync(path, 'no database');
    expect(readKept(folder, SPEC)).toBeNull();
    keep(folder, SPEC, image);
    expect(usersIn(readKept(folder, SPEC))).toBe(200);
  });

  test('takes the place of others; a folder that cannot be written is no error', () => {
    const { folder } = kept();
    keep(folder, { ...SPEC, seed: 4 }, image);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(() => keep('/dev/null/nowhere', SPEC, new Uint8Array())).not.toThrow();
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
    for (const name of [`${path}.${dead.pid}`, `${path}.${living.pid}`, `${path}.${process.pid}`]) {
      writeFileSync(name, 'half');
    }
    for (const name of others) writeFileSync(join(folder, name), '');
    clearUnfinished(folder);
    expect(existsSync(`${path}.${dead.pid}`)).toBe(false);
    expect(existsSync(`${path}.${process.pid}`)).toBe(false);
    expect(existsSync(`${path}.${living.pid}`)).toBe(true);
    for (const name of others) expect(existsSync(join(folder, name))).toBe(true);
    living.kill();
    await living.exited;
    clearUnfinished(folder);
    expect(existsSync(`${path}.${living.pid}`)).toBe(false);
    expect(usersIn(readKept(folder, SPEC))).toBe(200);
  });
});
