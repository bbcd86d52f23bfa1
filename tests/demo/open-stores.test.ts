import { describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from '../../src/core/feeds/folder/document.ts';
import { parseJsonLines } from '../../src/core/feeds/folder/json-lines.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import type { DemoData } from '../../src/demo/demo-data.ts';
import { makeFiles } from '../../src/demo/make-files.ts';
import { openStores } from '../../src/demo/open-stores.ts';
import { canMount, mountDisk, mountMissing } from '../support/small-disk.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { unless } from '../support/unless.ts';
import { ANCHOR, SMALL } from './company.ts';

const temporaryFolder = temporaryFolders();

/** Log lines of three days, up to the anchor. */
function manyLines(count: number): Document[] {
  return Array.from({ length: count }, (_, index) => ({
    _id: (2 ** 40 + index).toString(16).padStart(24, '0'),
    timestamp: new Date(ANCHOR - ((count - 1 - index) / count) * 3 * 86_400_000),
    level: 'Debug',
  }));
}

function folder(isGenerated: boolean, directory = temporaryFolder()) {
  makeFiles(directory, SMALL, () => {});
  const progress: string[] = [];
  const data: DemoData = { kind: 'folder', directory, isGenerated };
  return { directory, progress, ...openStores(data, (text) => progress.push(text)) };
}

const linesIn = (directory: string, file: string) => {
  const path = join(directory, file);
  return parseJsonLines(readFileSync(path, 'utf8'), path).length;
};

test('a later start serves the documents of the company that the first one cached', () => {
  const cacheDirectory = temporaryFolder();
  const documentsAt = (anchor: number) => {
    const { collections } = openStores({ kind: 'generated', spec: { ...SMALL, anchor }, cacheDirectory }, () => {});
    return [collections.documents('support_tickets'), collections.documents('logs')];
  };
  const first = documentsAt(ANCHOR);
  expect(first).toEqual(Object.values(generateDocuments(SMALL)));
  expect(first.every((documents) => documents !== null && documents.length > 0)).toBe(true);
  expect(documentsAt(ANCHOR + 60_000)).toEqual(first);
});

describe('log lines', () => {
  test('in memory are dropped once there are very many', () => {
    const { collections } = openStores({ kind: 'generated', spec: SMALL, cacheDirectory: null }, () => {});
    collections.insert('logs', manyLines(49_000));
    expect(collections.documents('logs')).toHaveLength(49_500);
    collections.insert('logs', manyLines(1_000));
    expect(collections.documents('logs')).toHaveLength(25_000);
    expect(collections.changedSince('logs', 0)).toEqual({ kind: 'whole' });
  });

  test('in a folder that we made are dropped from the file too', () => {
    const { collections, directory, flush } = folder(true);
    collections.insert('logs', manyLines(60_000));
    expect(collections.documents('logs')).toHaveLength(25_000);
    flush();
    expect(linesIn(directory, 'logs.jsonl')).toBe(25_000);
  });

  test("in somebody's own folder are all kept", () => {
    const { collections, directory, flush } = folder(false);
    collections.insert('logs', manyLines(60_000));
    flush();
    expect(collections.documents('logs')).toHaveLength(60_500);
    expect(linesIn(directory, 'logs.jsonl')).toBe(60_500);
  });
});

describe('a disk that fills up while a folder is served', () => {
  test.skipIf(!canMount)(
    unless(mountMissing, 'leaves whole lines and a whole database, and takes what follows'),
    async () => {
      const disk = mountDisk(4_096);
      const directory = join(disk.path, 'data');
      mkdirSync(directory);
      const { collections, sql, detectChanges, flush, progress } = folder(true, directory);
      try {
        const before = linesIn(directory, 'logs.jsonl');
        expect(() => collections.insert('logs', manyLines(40_000))).toThrow('ENOSPC');
        expect(linesIn(directory, 'logs.jsonl')).toBe(before);
        expect(collections.documents('logs')).toHaveLength(before + 40_000);
        flush();
        expect(progress.at(-1)).toContain('ENOSPC');
        await expect(
          sql.write((database) =>
            database.run('create table Large as select a.* from Payments as a, Payments as b limit 200000'),
          ),
        ).rejects.toThrow('greg.sqlite cannot be written: database or disk is full');
        disk.resize(32_768);
        await sql.write((database) => database.run("update Payments set Status = 'approved'"));
        detectChanges();
        flush();
        expect(linesIn(directory, 'logs.jsonl')).toBe(before + 40_000);
        expect(sql.connection()?.database.query('pragma integrity_check').values()).toEqual([['ok']]);
      } finally {
        sql.close();
        disk.close();
      }
    },
  );
});
