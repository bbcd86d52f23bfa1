import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPLICATION_ID } from '../../src/demo/database.ts';
import { DemoFolderError, prepareFolder } from '../../src/demo/folder.ts';
import { makeFiles } from '../../src/demo/make-files.ts';
import { canMount, mountDisk, mountMissing } from '../support/small-disk.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { unless } from '../support/unless.ts';
import { demoDatabase, hashesOf, SMALL } from './company.ts';

const temporaryFolder = temporaryFolders();
const FILES = ['greg.sqlite', 'logs.jsonl', 'support_tickets.jsonl'];

function prepare(directory: string) {
  const progress: string[] = [];
  return { ...prepareFolder(directory, SMALL, (text) => progress.push(text)), progress };
}

function expectComplete(directory: string): void {
  expect(readdirSync(directory).sort()).toEqual(FILES);
  const database = new Database(join(directory, 'greg.sqlite'), { readonly: true });
  expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
  expect(hashesOf(database)).toEqual(hashesOf(demoDatabase()));
  database.close();
  expect(readFileSync(join(directory, 'support_tickets.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(150);
  expect(readFileSync(join(directory, 'logs.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(500);
}

describe('an empty folder', () => {
  test('is made with all above it, and filled', () => {
    const directory = join(temporaryFolder(), 'a', 'b');
    const { isGenerated, progress } = prepare(directory);
    expect(isGenerated).toBe(true);
    expect(progress).toEqual([`Making demo data in ${directory} …`]);
    expectComplete(directory);
  });

  test('may hold hidden files', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, '.gitkeep'), '');
    expect(prepare(directory).isGenerated).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(['.gitkeep', ...FILES]);
  });

  test('gets a database without a write-ahead log that is marked as ours', () => {
    const directory = temporaryFolder();
    prepare(directory);
    const database = new Database(join(directory, 'greg.sqlite'));
    expect(database.query('pragma application_id').values()).toEqual([[APPLICATION_ID]]);
    expect(database.query('pragma journal_mode').values()).toEqual([['delete']]);
    database.close();
  });

  test('is filled once: what is there then is served as it is', () => {
    const directory = temporaryFolder();
    prepare(directory);
    writeFileSync(join(directory, 'logs.jsonl'), '');
    expect(prepare(directory)).toMatchObject({ isGenerated: true, progress: [] });
    expect(readFileSync(join(directory, 'logs.jsonl'), 'utf8')).toBe('');
  });
});

describe('a folder whose making was interrupted', () => {
  test('that was interrupted while it was created is created again', () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, '.greg-making'));
    writeFileSync(join(directory, '.greg-making', 'greg.sqlite'), 'half a database');
    prepare(directory);
    expectComplete(directory);
  });

  test.each([[[]], [['logs.jsonl']], [FILES]])('while they were put in place is finished: %p', (inPlace) => {
    const directory = temporaryFolder();
    const made = join(directory, '.greg-made');
    mkdirSync(made);
    makeFiles(made, SMALL, () => {});
    for (const file of inPlace) renameSync(join(made, file), join(directory, file));
    expect(prepare(directory).progress).toEqual([]);
    expectComplete(directory);
  });

  test('loses nothing that a person has put there since', () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, '.greg-making'));
    writeFileSync(join(directory, 'support_tickets.jsonl'), '{"status":"Open"}\n');
    expect(prepare(directory)).toMatchObject({ isGenerated: false, progress: [] });
    expect(readdirSync(directory)).toEqual(['support_tickets.jsonl']);
  });
});

describe('a disk that fills up while a folder is made', () => {
  // The least and the most that every file of the company needs, and between.
  test.skipIf(!canMount)(
    unless(mountMissing, 'leaves a folder that starts again once there is room'),
    () => {
      let filled = 0;
      for (let kilobytes = 16; filled < 2; kilobytes += kilobytes < 400 ? 48 : 24) {
        const mount = mountDisk(kilobytes);
        try {
          const directory = join(mount.path, 'data');
          try {
            prepare(directory);
            filled += 1;
          } catch (error) {
            expect(error).toBeInstanceOf(DemoFolderError);
            expect(FILES.filter((file) => existsSync(join(directory, file)))).not.toContain('greg.sqlite');
          }
          mount.resize(8_192);
          prepare(directory);
          expectComplete(directory);
        } finally {
          mount.close();
        }
      }
    },
    60_000,
  );
});

describe("somebody's own folder", () => {
  test('is left as it is', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    expect(prepare(directory)).toMatchObject({ isGenerated: false, progress: [] });
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });

  test('has a database that is not ours', () => {
    const directory = temporaryFolder();
    new Database(join(directory, 'greg.sqlite')).run('create table Payments (Id text)');
    expect(prepare(directory).isGenerated).toBe(false);
  });

  test('may have a database without a byte', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'greg.sqlite'), '');
    expect(prepare(directory).isGenerated).toBe(false);
  });
});

describe('a folder that cannot be used', () => {
  test('since a file stands in its place', () => {
    const directory = join(temporaryFolder(), 'file');
    writeFileSync(directory, '');
    expect(() => prepare(directory)).toThrow(DemoFolderError);
    expect(() => prepare(join(directory, 'below'))).toThrow(
      new RegExp(
        `^DEMO_DIR is ${directory}/below: it cannot be created or filled \\(.+\\)\\. Choose a folder .+ unset DEMO_DIR`,
      ),
    );
  });

  test.each(['not a database', 'SQLite format 4 and then some more of it'])('since %p is no database', (text) => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'greg.sqlite'), text);
    expect(() => prepare(directory)).toThrow(`DEMO_DIR is ${directory}: greg.sqlite is not a SQLite database. Replace`);
    expect(existsSync(join(directory, 'logs.jsonl'))).toBe(false);
  });
});
