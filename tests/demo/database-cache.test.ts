import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillDatabase } from '../../src/demo/database.ts';
import { keep, markMade, readKept } from '../../src/demo/database-cache.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const HOUR_MS = 3_600_000;
const ANCHOR = Date.UTC(2026, 2, 15, 12);
const SPEC = { seed: 3, scale: 0.01, anchor: ANCHOR };

function made(): Uint8Array {
  const database = new Database(':memory:', { strict: true });
  fillDatabase(database, SPEC, () => {});
  markMade(database, SPEC);
  return database.serialize();
}

function usersIn(database: Database | null): number | undefined {
  return database?.query<{ count: number }, []>('select count(*) as count from AspNetUsers').get()?.count;
}

test('a company that was kept serves the next start, and can be written to', () => {
  const folder = temporaryFolder();
  keep(folder, SPEC, made());
  const kept = readKept(folder, { ...SPEC, anchor: ANCHOR + HOUR_MS });
  expect(usersIn(kept)).toBe(200);
  kept?.run("update Payments set Status = 'approved'");
  expect(usersIn(readKept(folder, SPEC))).toBe(200);
});

test.each([
  ['an hour is over', { ...SPEC, anchor: ANCHOR + HOUR_MS + 60_000 }],
  ['the clock was set back', { ...SPEC, anchor: ANCHOR - 60_000 }],
  ['another seed is asked for', { ...SPEC, seed: 4 }],
  ['another size is asked for', { ...SPEC, scale: 0.02 }],
])('a new one is made when %s', (_why, spec) => {
  const folder = temporaryFolder();
  keep(folder, SPEC, made());
  expect(readKept(folder, spec)).toBeNull();
});

test('a file that is not whole counts as none', () => {
  const folder = temporaryFolder();
  keep(folder, SPEC, made());
  const [name = ''] = readdirSync(folder);
  writeFileSync(join(folder, name), made().slice(0, 5_000));
  expect(readKept(folder, SPEC)).toBeNull();
  writeFileSync(join(folder, name), 'no database');
  expect(readKept(folder, SPEC)).toBeNull();
});

test('one company is kept at a time, and a folder that cannot be written is no error', () => {
  const folder = temporaryFolder();
  keep(folder, SPEC, made());
  keep(folder, { ...SPEC, seed: 4 }, made());
  expect(readdirSync(folder)).toHaveLength(1);
  expect(() => keep('/dev/null/nowhere', SPEC, new Uint8Array())).not.toThrow();
});
