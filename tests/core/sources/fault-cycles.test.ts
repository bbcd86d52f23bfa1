import { heapStats } from 'bun:jsc';
import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { storage } from '../../../src/features/storage/index.ts';
import { support } from '../../../src/features/support/index.ts';
import { noDocuments, noTables } from '../../oracle/agreement.ts';
import { startMongoEndpoint } from '../../support/mongo-endpoint/endpoint.ts';
import { mongoSourceAt } from '../../support/mongo-source.ts';
import { serveOverTds } from '../../support/sql-server.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { COMPANY_NOW } from '../hubs/small-company.ts';

/** Each loss costs MongoDB's driver half a second, which it leaves between two looks at a server. */
const CYCLES = { sqlServer: 1_000, mongo: Number(process.env.FAULT_CYCLES ?? 100) };
/** Caches and pools, and what the endpoints remember, are full by then. */
const WARM_SHARE = 0.4;
const WITHIN_MS = 300_000;

const CAN_COUNT_FILES = process.platform === 'linux';
const openFiles = () => (CAN_COUNT_FILES ? readdirSync('/proc/self/fd').length : 0);

/** What is held once everything that can be let go has been. */
function held() {
  Bun.gc(true);
  return { files: openFiles(), objects: heapStats().objectCount };
}

/** Reads, loses the connection in one of three moments, and reads again until it works, many times. */
async function cycle(cycles: number, read: () => Promise<unknown>, { cut, cutAfter }: TcpProxy): Promise<number> {
  const warm = Math.round(cycles * WARM_SHARE);
  let failures = 0;
  const tries = async () => {
    for (;;) {
      try {
        return await read();
      } catch {
        failures++;
      }
    }
  };
  const begin = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const reading = tries();
      if (index % 3 === 1) cut();
      // In the midst of what the server answers.
      const midway = index % 3 === 2 ? cutAfter(200) : undefined;
      await Promise.all([reading, midway]);
      if (index % 3 === 0) cut();
    }
  };
  await begin(warm);
  const before = held();
  await begin(cycles - warm);
  const after = held();
  expect(after.files - before.files).toBeLessThan(20);
  expect(after.objects / before.objects).toBeLessThan(1.15);
  return failures;
}

test(
  `${CYCLES.sqlServer} lost connections to SQL Server leave nothing behind`,
  async () => {
    const server = await serveOverTds(emptyDatabase());
    const proxy = await startTcpProxy(`http://127.0.0.1:${server.endpoint.port}`);
    const source = server.source({ settings: { port: proxy.port, connectTimeoutMs: 2_000, requestTimeoutMs: 2_000 } });
    const read = () => storage.load({ sql: source, documents: noDocuments }, COMPANY_NOW, AbortSignal.timeout(5_000));
    // Whoever asks what changed loses its connections like those who read.
    const following = source.changes.subscribe();
    const failures = await cycle(CYCLES.sqlServer, read, proxy);
    expect(failures).toBeGreaterThan(100);
    following.unsubscribe();
    await source.close();
    await proxy.close();
    expect(server.endpoint.openTransactions).toBe(0);
    await server.close();
  },
  WITHIN_MS,
);

test(
  `${CYCLES.mongo} lost connections to MongoDB leave nothing behind`,
  async () => {
    const endpoint = await startMongoEndpoint({ collections: { support_tickets: [] } });
    const proxy = await startTcpProxy(`http://127.0.0.1:${endpoint.port}`);
    const source = mongoSourceAt(endpoint.urlAt(proxy.port), { connectTimeoutMs: 1_000 });
    const read = () => support.load({ sql: noTables, documents: source }, COMPANY_NOW, AbortSignal.timeout(5_000));
    const following = source.changes.subscribe();
    await cycle(CYCLES.mongo, read, proxy);
    following.unsubscribe();
    await source.close();
    await proxy.close();
    expect(endpoint.openCursors).toBe(0);
    await endpoint.close();
  },
  WITHIN_MS,
);
