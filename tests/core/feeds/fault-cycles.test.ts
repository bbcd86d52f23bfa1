import { expect, test } from 'bun:test';
import type { SourceName } from '../../../src/company/table.ts';
import { createFeed, type Feed } from '../../../src/core/feeds/feed.ts';
import type { FeedSource } from '../../../src/core/feeds/feed-source.ts';
import type { Mirror } from '../../../src/core/mirror/mirror.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { features } from '../../../src/features/index.ts';
import { mirroredBy } from '../../oracle/mirrored.ts';
import { emptyDatabase } from '../../support/company-database.ts';
import { heldResources } from '../../support/held-resources.ts';
import { localMirror } from '../../support/local-sources.ts';
import { startMongoEndpoint } from '../../support/mongo-endpoint/endpoint.ts';
import { mongoFeedAt } from '../../support/mongo-feed.ts';

import { serveSqlServer } from '../../support/sql-server-endpoint.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { ticket } from './mongo/expected-rows.ts';

/** Each loss costs MongoDB's driver half a second, which it leaves between two looks at a server. */
const CYCLES = { sqlServer: 1_000, mongo: Number(process.env.FAULT_CYCLES ?? 100) };
/** Caches and pools, and what the endpoints remember, are full by then. */
const WARM_SHARE = 0.4;
const WITHIN_MS = 300_000;

/** A feed that keeps a mirror of this thread, and is tried again at once. */
function feedOver(source: FeedSource, mirror: Mirror): Feed {
  return createFeed({
    source,
    mirror: mirror.writer(source.name, mirroredBy(features, source.name)),
    clock: systemClock,
    random: Math.random,
    timings: { backOffMs: 5, backOffMaxMs: 10, askEveryMs: 0 },
    onError: () => {},
  });
}

interface Cycled {
  readonly source: FeedSource;
  readonly proxy: TcpProxy;
  readonly table: string;
  /** One more row of the table. */
  add(): void;
}

/** Changes something, loses the connection in one of three moments, and asks until it is in the mirror, many times. */
async function cycle(cycles: number, { source, proxy, table, add }: Cycled): Promise<void> {
  const mirror = localMirror();
  const feed = feedOver(source, mirror);
  feed.start();
  await syncOf(feed);
  let rows = (await rowsIn(mirror, source.name))[table] ?? 0;
  const begin = async (count: number) => {
    for (let index = 0; index < count; index++) {
      add();
      const syncing = syncOf(feed);
      if (index % 3 === 1) proxy.cut();
      // In the middle of the server's answer.
      const midway = index % 3 === 2 ? proxy.cutAfter(200) : undefined;
      await Promise.all([syncing, midway]);
      if (index % 3 === 0) proxy.cut();
      expect((await rowsIn(mirror, source.name))[table]).toBe(++rows);
    }
  };
  const warm = Math.round(cycles * WARM_SHARE);
  await begin(warm);
  const before = heldResources();
  await begin(cycles - warm);
  const after = heldResources();
  await feed.stop();
  await mirror.close();
  expect(proxy.accepted).toBeGreaterThan(cycles / 2);
  expect(after.files - before.files).toBeLessThan(20);
  expect(after.objects / before.objects).toBeLessThan(1.15);
}

/** However often it takes. */
async function syncOf(feed: Feed): Promise<void> {
  for (;;) {
    try {
      return await feed.sync();
    } catch {
      // Asked again; the test has a time limit.
    }
  }
}

const rowsIn = async (mirror: Mirror, source: SourceName) => (await mirror.size(source)).rows;

test(
  `${CYCLES.sqlServer} lost connections to SQL Server leave nothing behind, and lose no change`,
  async () => {
    const server = await serveSqlServer(emptyDatabase());
    const proxy = await startTcpProxy(server.address);
    const source = server.source({
      settings: { port: proxy.port, connectTimeoutMs: 2_000, requestTimeoutMs: 2_000 },
      tables: mirroredBy(features, 'sql'),
    });
    let rows = 0;
    const add = () =>
      server.write(
        `insert into Files (Id, NomeArquivo, ContentType, FeatureCategoria, TamanhoBytes) values (${++rows}, 'a.png', 'image/png', 'Videos', 1)`,
      );
    await cycle(CYCLES.sqlServer, { source, proxy, table: 'Files', add });
    await proxy.close();
    expect(server.endpoint.openTransactions).toBe(0);
    await server.close();
  },
  WITHIN_MS,
);

test(
  `${CYCLES.mongo} lost connections to MongoDB leave nothing behind, and lose no change`,
  async () => {
    const endpoint = await startMongoEndpoint({ collections: { support_tickets: [] } });
    const proxy = await startTcpProxy(`http://127.0.0.1:${endpoint.port}`);
    const source = mongoFeedAt(endpoint.urlAt(proxy.port), {}, { tables: mirroredBy(features, 'documents') });
    const add = () => endpoint.insert('support_tickets', [ticket(1)]);
    await cycle(CYCLES.mongo, { source, proxy, table: 'support_tickets', add });
    await proxy.close();
    // An answer that was lost named a cursor that nobody can give up; a server does so after ten minutes.
    expect(endpoint.openCursors).toBeLessThan(CYCLES.mongo / 20);
    await endpoint.close();
  },
  WITHIN_MS,
);
