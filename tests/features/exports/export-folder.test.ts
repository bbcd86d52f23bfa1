import { describe, expect, test } from 'bun:test';
import { chmodSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openExportFolder } from '../../../src/features/exports/export-folder.ts';
import { mountDisk, mountMissing } from '../../support/small-disk.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { differingFiles, fileOf, manifestOf, namesIn } from './some-files.ts';

const DAY_MS = 86_400_000;
const folders = temporaryFolders();
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a written file', () => {
  test('is listed with what it holds, and only its user may read it', async () => {
    const directory = join(folders(), 'made', 'exports');
    const folder = await openExportFolder(directory);
    const path = await folder.write(fileOf(7), bytesOf('three'));
    expect(path).toBe(join(directory, 'greg-bi-claims-active-seq7-2026-11-27.csv'));
    expect(readFileSync(path, 'utf8')).toBe('three');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'manifest.json')).mode & 0o777).toBe(0o600);
    expect(manifestOf(directory)).toEqual([
      {
        name: 'greg-bi-claims-active-seq7-2026-11-27.csv',
        feature: 'claims',
        part: 'active',
        format: 'csv',
        seq: 7,
        generatedAt: '2026-11-27T12:00:00.000Z',
        writtenAt: expect.any(String),
        rows: 3,
        bytes: 5,
        // printf three | sha256sum
        sha256: '8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f',
      },
    ]);
  });

  test('replaces one of the same name', async () => {
    const directory = folders();
    const folder = await openExportFolder(directory);
    await folder.write(fileOf(1), bytesOf('first'));
    await folder.write(fileOf(1), bytesOf('second'));
    expect(manifestOf(directory)).toMatchObject([{ bytes: 6 }]);
    expect(differingFiles(directory)).toEqual([]);
  });

  test('of many at once, none gets lost', async () => {
    const directory = folders();
    const [one, other] = await Promise.all([openExportFolder(directory), openExportFolder(directory)]);
    const seqs = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(seqs.map((seq) => (seq % 2 === 0 ? one : other).write(fileOf(seq), bytesOf(`${seq}`))));
    expect(
      manifestOf(directory)
        .map(({ seq }) => seq)
        .sort((a, b) => a - b),
    ).toEqual(seqs);
    expect(differingFiles(directory)).toEqual([]);
  });
});

describe('when the folder is opened', () => {
  test('temporary files of a killed process are deleted, and whole files that it did not list are listed', async () => {
    const directory = folders();
    const folder = await openExportFolder(directory);
    await folder.write(fileOf(1), bytesOf('one'));
    writeFileSync(join(directory, `.greg-bi-${crypto.randomUUID()}.tmp`), 'hal');
    writeFileSync(join(directory, 'greg-bi-users-seq2-2026-11-27.xlsx'), 'whole');
    writeFileSync(join(directory, 'notes.txt'), 'not ours');
    await openExportFolder(directory);
    expect(namesIn(directory).temporary).toEqual([]);
    // By name: the clock of the file system is some milliseconds late.
    expect(manifestOf(directory).toSorted((one, other) => one.name.localeCompare(other.name))).toMatchObject([
      { feature: 'claims', rows: 3 },
      { name: 'greg-bi-users-seq2-2026-11-27.xlsx', feature: 'users', part: null, seq: 2, rows: null, bytes: 5 },
    ]);
    expect(differingFiles(directory)).toEqual([]);
    expect(readFileSync(join(directory, 'notes.txt'), 'utf8')).toBe('not ours');
  });

  for (const [what, text] of [
    ['half', '{"version":1,"files":[{"na'],
    ['empty', ''],
    ['of another shape', '{"version":1,"files":[{"name":"x"}]}'],
  ] as const) {
    test(`a manifest that is ${what} is made anew from the files`, async () => {
      const directory = folders();
      const folder = await openExportFolder(directory);
      await folder.write(fileOf(1), bytesOf('one'));
      writeFileSync(join(directory, 'manifest.json'), text);
      await openExportFolder(directory);
      expect(manifestOf(directory)).toMatchObject([{ name: fileOf(1).name, seq: 1, bytes: 3, rows: null }]);
      // Damaged again while it is open.
      writeFileSync(join(directory, 'manifest.json'), text);
      await folder.write(fileOf(2), bytesOf('two'));
      expect(manifestOf(directory).map(({ seq }) => seq)).toEqual([1, 2]);
    });
  }

  test('files that somebody deleted are listed no more', async () => {
    const directory = folders();
    const folder = await openExportFolder(directory);
    for (const seq of [1, 2]) await folder.write(fileOf(seq), bytesOf('x'));
    rmSync(join(directory, fileOf(1).name));
    await openExportFolder(directory);
    expect(manifestOf(directory).map(({ seq }) => seq)).toEqual([2]);
  });
});

describe('retention', () => {
  /** Six files of three bytes, one a day, the newest of now. */
  async function sixDays(directory: string, now: number) {
    for (let age = 5; age >= 0; age--) {
      const path = join(directory, fileOf(6 - age).name);
      writeFileSync(path, 'xyz');
      const at = new Date(now - age * DAY_MS);
      utimesSync(path, at, at);
    }
    return openExportFolder(directory);
  }

  test('deletes what is too old', async () => {
    const now = Date.now();
    const directory = folders();
    const folder = await sixDays(directory, now);
    const deleted = await folder.deleteExpired({ days: 3, bytes: 1_000 }, now + 1_000);
    expect(deleted).toEqual([1, 2, 3].map((seq) => fileOf(seq).name));
    expect(namesIn(directory).exported).toEqual([4, 5, 6].map((seq) => fileOf(seq).name));
    expect(manifestOf(directory).map(({ seq }) => seq)).toEqual([4, 5, 6]);
  });

  test('deletes the oldest until the rest fits', async () => {
    const now = Date.now();
    const folder = await sixDays(folders(), now);
    expect(await folder.deleteExpired({ days: 30, bytes: 7 }, now)).toEqual(
      [1, 2, 3, 4].map((seq) => fileOf(seq).name),
    );
    expect(namesIn(folder.directory).exported).toEqual([5, 6].map((seq) => fileOf(seq).name));
  });

  test('keeps the newest file of each kind, however old and large', async () => {
    const now = Date.now();
    const folder = await sixDays(folders(), now);
    await folder.write(fileOf(1, { part: null, format: 'xlsx' }), bytesOf('whole'));
    await folder.deleteExpired({ days: 1, bytes: 1 }, now + 400 * DAY_MS);
    expect(namesIn(folder.directory).exported).toEqual([
      fileOf(6).name,
      fileOf(1, { part: null, format: 'xlsx' }).name,
    ]);
  });

  test('deletes only what the manifest lists, and never outside the folder', async () => {
    const now = Date.now();
    const parent = folders();
    const directory = join(parent, 'exports');
    const folder = await openExportFolder(directory);
    await folder.write(fileOf(1), bytesOf('one'));
    await folder.write(fileOf(2), bytesOf('two'));
    const [entry] = manifestOf(directory);
    const precious = join(parent, 'greg-bi-claims-active-seq1-2026-11-27.csv');
    writeFileSync(precious, 'precious');
    const names = ['../greg-bi-claims-active-seq1-2026-11-27.csv', 'manifest.json', '/etc/passwd'];
    const files = [...names.map((name) => ({ ...entry, name })), ...manifestOf(directory)];
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: 1, files }));
    writeFileSync(join(directory, 'own.csv'), 'own');
    expect(await folder.deleteExpired({ days: 1, bytes: 1 }, now + 400 * DAY_MS)).toEqual([fileOf(1).name]);
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(readFileSync(join(directory, 'own.csv'), 'utf8')).toBe('own');
  });
});

describe('a folder that cannot be written', () => {
  test.skipIf(mountMissing !== null)('a full disk leaves the files that there are, and no half one', async () => {
    const disk = mountDisk(256);
    try {
      const folder = await openExportFolder(join(disk.path, 'exports'));
      await folder.write(fileOf(1), new Uint8Array(50_000));
      const failure = folder.write(fileOf(2), new Uint8Array(1_000_000));
      expect(failure).rejects.toMatchObject({ code: 'ENOSPC' });
      await failure.catch(() => {});
      expect(namesIn(folder.directory)).toEqual({ exported: [fileOf(1).name], temporary: [] });
      expect(differingFiles(folder.directory)).toEqual([]);
      await folder.write(fileOf(3), new Uint8Array(50_000));
      expect(manifestOf(folder.directory).map(({ seq }) => seq)).toEqual([1, 3]);
    } finally {
      disk.close();
    }
  });

  test('a file in its place is an error of the system', async () => {
    const directory = join(folders(), 'exports');
    writeFileSync(directory, 'a file');
    const failure = openExportFolder(directory);
    expect(failure).rejects.toMatchObject({ code: 'EEXIST' });
    await failure.catch(() => {});
    renameSync(directory, `${directory}-file`);
    chmodSync(`${directory}-file`, 0o600);
    expect((await openExportFolder(directory)).directory).toBe(directory);
  });
});
