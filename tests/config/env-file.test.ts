import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../src/config/config-error.ts';
import { readEnvFile } from '../../src/config/env-file.ts';
import { temporaryFolder } from '../support/process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const write = (content: string | Uint8Array, name = '.env') => writeFile(join(folder.path, name), content);

function problems(): readonly string[] {
  try {
    readEnvFile(folder.path);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('of a folder without one has no variables', () => {
  expect(readEnvFile(folder.path)).toEqual({ path: null, folder: folder.path, values: new Map(), notices: [] });
});

test('is read as UTF-8, with or without a byte order mark', async () => {
  for (const mark of ['', '\uFEFF']) {
    await write(`${mark}A=ação\r\nB='x'\r\n`);
    expect([...readEnvFile(folder.path).values]).toEqual([
      ['A', 'ação'],
      ['B', 'x'],
    ]);
  }
});

test('says which other files are there and are not read', async () => {
  for (const name of ['.env.local', '.env.production', '.env.example', '.env.old']) await write('A=1', name);
  expect(readEnvFile(folder.path).notices).toEqual(
    ['.env.local', '.env.production'].map((name) => expect.stringContaining(`${join(folder.path, name)} is not read`)),
  );
});

describe('that cannot be read stops the start, naming file, line and what would do:', () => {
  test('in UTF-16 of either order, with or without a mark', async () => {
    const little = Buffer.from('\uFEFFX=1\nJWT_SECRET=hunter2', 'utf16le');
    for (const bytes of [
      little,
      Buffer.from(little).swap16(),
      little.subarray(2),
      Buffer.from(little.subarray(2)).swap16(),
    ]) {
      await write(bytes);
      expect(problems()).toEqual([expect.stringMatching(/\.env.*: .*save it as UTF-8/)]);
    }
  });

  test('with a NUL byte', async () => {
    await write('A=1\nB=2\0\n');
    expect(problems()).toEqual([expect.stringContaining('.env, line 2: holds a NUL byte')]);
  });

  test('in Latin-1', async () => {
    await write(Buffer.from('A=1\n\nB=ação\n', 'latin1'));
    expect(problems()).toEqual([expect.stringContaining('.env, line 3: is not in UTF-8')]);
  });

  test('a folder of that name', async () => {
    await mkdir(join(folder.path, '.env'));
    expect(problems()).toEqual([expect.stringContaining('.env: is a folder')]);
  });

  test('a link to nothing', async () => {
    await symlink(join(folder.path, 'nothing'), join(folder.path, '.env'));
    expect(problems()).toEqual([expect.stringContaining('.env: is a link to a file that is not there')]);
  });

  test('a link to itself', async () => {
    await symlink('.env', join(folder.path, '.env'));
    expect(problems()).toEqual([expect.stringContaining('.env: cannot be read (ELOOP)')]);
  });

  test('names with two values; the same twice is fine', async () => {
    await write('A=1\nB=2\nA=1\nB=hunter2\n');
    expect(problems()).toEqual([expect.stringMatching(/\.env, line 4: B has another value than in line 2; keep one/)]);
  });

  test('lines that are no assignments, all at once', async () => {
    await write('A\nB=2\nC\n');
    expect(problems()).toEqual([
      expect.stringContaining('.env, line 1: is not an assignment'),
      expect.stringContaining('.env, line 3: is not an assignment'),
    ]);
  });
});
