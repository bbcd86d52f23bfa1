import { expect, test } from 'bun:test';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import { type Clock, systemClock } from '../../src/core/runtime/clock.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import type { CompanySpec } from '../../src/demo/data/spec.ts';
import { storedForm } from '../../src/demo/load/mongo.ts';
import { features } from '../../src/features/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { folderSqlSource, memoryDocumentSource } from '../support/folder-sources.ts';
import { localSources } from '../support/local-sources.ts';
import { mongoFeedAt } from '../support/mongo-feed.ts';
import { onEveryMongoServer } from '../support/mongo-servers.ts';
import { onEverySqlServer } from '../support/sql-servers.ts';
import { demoDatabase } from './company.ts';

/** The company that a person sees who tries the server out, whole. */
const COMPANY: CompanySpec = { seed: 1, scale: 1, anchor: Date.UTC(2026, 2, 31, 12) };
/** Its hundred thousand rows take a real server a minute to load. */
const WITHIN_MS = 600_000;

const clock: Clock = { ...systemClock, now: () => COMPANY.anchor };
const tables = { sql: mirroredBy(features, 'sql'), documents: mirroredBy(features, 'documents') };
const nothing = memoryDocumentSource({}, tables.documents).source;

/** Every figure of the features of a source, by a mirror that it is loaded into. Closes the source. */
async function figuresFrom(source: FeedSource): Promise<Readonly<Record<string, unknown>>> {
  const sources = { sql: nothing, documents: nothing, [source.name]: source };
  const { feeds, mirror } = localSources(sources, { clock });
  const feed = feeds[source.name];
  feed.start();
  try {
    await feed.sync();
    const found = features
      .filter((feature) => feature.source === source.name)
      .map(async (feature) => {
        const loaded = await mirror.figures(feature, COMPANY.anchor, null);
        return [feature.name, loaded?.content()] as const;
      });
    return Object.fromEntries(await Promise.all(found));
  } finally {
    await feed.stop();
  }
}

onEverySqlServer(({ open }) => {
  test(
    'the figures of the demo company are those of SQLite',
    async () => {
      const database = demoDatabase(COMPANY);
      const server = await open(database);
      try {
        const served = await figuresFrom(server.source({ tables: tables.sql, clock }));
        const embedded = await figuresFrom(folderSqlSource(demoDatabase(COMPANY), tables.sql).source);
        expect(served).toEqual(embedded);
      } finally {
        await server.close();
        database.close();
      }
    },
    WITHIN_MS,
  );
});

await onEveryMongoServer(({ open }) => {
  test(
    'the figures of the demo company are those of its folder',
    async () => {
      const { tickets, logs } = generateDocuments(COMPANY);
      const held = { support_tickets: tickets, logs };
      const server = await open({ support_tickets: tickets.map(storedForm), logs: logs.map(storedForm) });
      try {
        const settings = { database: server.database };
        const served = await figuresFrom(mongoFeedAt(server.url(), settings, { tables: tables.documents, clock }));
        const embedded = await figuresFrom(memoryDocumentSource(held, tables.documents, clock.now).source);
        expect(served).toEqual(embedded);
      } finally {
        await server.close();
      }
    },
    WITHIN_MS,
  );
});
