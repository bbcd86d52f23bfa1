import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { createFeed, type Feed } from '../../../../src/core/feeds/feed.ts';
import type { FeedSource } from '../../../../src/core/feeds/feed-source.ts';
import { differingTables } from '../../../../src/core/mirror/checksum.ts';
import { systemClock } from '../../../../src/core/runtime/clock.ts';
import { generateDocuments } from '../../../../src/demo/data/documents.ts';
import { features } from '../../../../src/features/index.ts';
import { demoDatabase, SMALL } from '../../../demo/company.ts';
import { mirroredBy } from '../../../oracle/mirrored.ts';
import { folderSqlSource, memoryDocumentSource } from '../../../support/folder-sources.ts';
import { localMirror } from '../../../support/local-sources.ts';

const SIGNAL = new AbortController().signal;
const tables = mirroredBy(features, 'sql');
const collections = mirroredBy(features, 'documents');
const feeds: Feed[] = [];

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.stop();
});

/** Mirrors a source, then compares the two. */
async function differing(source: FeedSource): Promise<string[]> {
  const mirror = localMirror().writer(source.name, source.name === 'sql' ? tables : collections);
  const feed = createFeed({ source, mirror, clock: systemClock, random: Math.random, onError: () => {} });
  feeds.push(feed);
  feed.start();
  await feed.sync();
  const checksums = (await (await source.open(SIGNAL)).compare?.(SIGNAL)) ?? [];
  expect(checksums.length).toBeGreaterThan(0);
  return differingTables(checksums, await mirror.checksums());
}

describe('what a mirror has to hold', () => {
  test('is what it holds of the demo company', async () => {
    const { tickets, logs } = generateDocuments(SMALL);
    const documents = memoryDocumentSource({ support_tickets: tickets, logs }, collections).source;
    const sql = folderSqlSource(demoDatabase(), tables).source;
    expect(await differing(sql)).toEqual([]);
    expect(await differing(documents)).toEqual([]);
  });

  test('is what it holds of tables in which nothing is as it should be', async () => {
    const database = new Database(':memory:');
    database.run('create table Courses (Id, Name, IsActive)');
    database.run(
      "insert into Courses values (1, 'a', 2), (1, 'b', 1), ('x', 'c', 1), (null, null, null), (3, '😀', 0)",
    );
    database.run('create table AspNetUsers (Id, EmailConfirmed, CreatedAt)');
    database.run("insert into AspNetUsers values ('😀é', 1, '31/12/2025'), ('a', 'yes', '2026-01-01'), ('a', 1, null)");
    expect(await differing(folderSqlSource(database, tables).source)).toEqual([]);
  });
});
