import { Database } from 'bun:sqlite';
import type { SourceName } from '../../src/company/table.ts';
import { createFeed } from '../../src/core/feeds/feed.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { Mirror } from '../../src/core/mirror/mirror.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { Feeds } from '../../src/core/runtime/supervisor.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import type { CompanySpec } from '../../src/demo/data/spec.ts';
import { fillDatabase } from '../../src/demo/database.ts';
import { openDemo } from '../../src/demo/open.ts';
import { features } from '../../src/features/index.ts';
import { mirroredIn } from '../../src/open-feeds.ts';
import { openMirror } from '../../src/open-mirror.ts';
import { type FolderSqlSource, folderSqlSource, memoryDocumentSource } from '../../tests/support/folder-sources.ts';
import { startTestServer, type TestServer } from '../../tests/support/test-server.ts';

const onError = (error: unknown) => console.error(error);

/** The mirror in its Worker, as in the server. */
export function benchMirror(): Promise<Mirror> {
  return openMirror({
    timeZone: 'America/Sao_Paulo',
    storage: 'memory',
    directory: null,
    onNotice: console.error,
    onLost: onError,
  });
}

/** Feeds over sources, with the timings of the server. */
export function feedsOver(sources: { readonly [Source in SourceName]: FeedSource }, mirror: Mirror): Feeds {
  const feedOf = (name: SourceName) =>
    createFeed({
      source: sources[name],
      mirror: mirror.writer(name, mirroredIn(name, features)),
      clock: systemClock,
      random: Math.random,
      onError,
    });
  return { sql: feedOf('sql'), documents: feedOf('documents') };
}

/** An unchanging demo company in its own Workers. */
export async function demoSources(scale: number): Promise<{ readonly [Source in SourceName]: FeedSource }> {
  const { sources } = await openDemo({
    directory: null,
    cacheDirectory: null,
    rate: 0,
    seed: 1,
    scale,
    tables: { sql: mirroredIn('sql', features), documents: mirroredIn('documents', features) },
    clock: systemClock,
    onProgress: () => {},
    onError,
  });
  return sources;
}

/** The server over a demo company in a database of this thread, which the benchmark can write to. */
export interface WritableCompany {
  readonly database: Database;
  readonly sql: FolderSqlSource;
  readonly mirror: Mirror;
  readonly server: TestServer;
}

/** @param intervalMs of the hubs' emissions */
export async function startWritableCompany(intervalMs = 250): Promise<WritableCompany> {
  const database = new Database(':memory:', { strict: true });
  const spec: CompanySpec = { seed: 1, scale: 1, anchor: Date.now() };
  fillDatabase(database, spec, () => {});
  const { tickets, logs } = generateDocuments(spec);
  const sql = folderSqlSource(database, mirroredIn('sql', features));
  const documents = memoryDocumentSource({ support_tickets: tickets, logs }, mirroredIn('documents', features));
  const mirror = await benchMirror();
  const feeds = feedsOver({ sql: sql.source, documents: documents.source }, mirror);
  const server = startTestServer({ features, sources: { feeds, mirror }, intervalMs, onError });
  const { running } = server.supervisor;
  while (running.some(({ actor }) => actor.latest() === undefined)) await Bun.sleep(50);
  return { database, sql, mirror, server };
}

/** Adds an approved payment. */
export function writePayment({ sql }: WritableCompany, id: string): Promise<void> {
  return sql.write(
    `insert into Payments (Id, ExternalId, UserId, Status, PayerEmail, Method, Installments, Amount, SubscriptionId, CreatedAt)
     values ('${id}', '${id}', 'bench', 'approved', 'bench@example.com', 'pix', 1, 1.5, '', '${new Date().toISOString()}')`,
  );
}
