import type { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import { openSmallCompany } from '../core/hubs/small-company.ts';
import { emptyDatabase } from '../support/company-database.ts';
import { figuresFromScratch } from '../support/figures-from-scratch.ts';
import { connectHub } from '../support/hub-client.ts';
import { type MongoEndpoint, startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { environmentOf, openRealServer, realServerSettings, sqlServerMissing } from '../support/real-sql-server.ts';
import { ticket } from '../support/remote-company.ts';
import { AnyObject, bodyOf } from '../support/response-body.ts';
import { type SqlServerEndpoint, serveSqlServer } from '../support/sql-server-endpoint.ts';
import { OPEN_WITHIN_MS } from '../support/sql-servers.ts';
import { unless } from '../support/unless.ts';
import { until } from '../support/until.ts';

const WITHIN_MS = 180_000;
const CERTIFICATE = fileURLToPath(new URL('../support/tds/test-certificate.pem', import.meta.url));
const FEATURES = ['claims', 'financial', 'subscriptions', 'support', 'content', 'users', 'storage'];
/** More than the buffers between the two processes hold. */
const MANY_FILES = 300_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess | undefined;
let database: Database;
let sqlServer: SqlServerEndpoint;
let mongo: MongoEndpoint;

beforeEach(async () => {
  folder = await temporaryFolder();
  database = emptyDatabase();
  await openSmallCompany(database);
  sqlServer = await serveSqlServer(database);
  mongo = await startMongoEndpoint({ collections: { support_tickets: [ticket('u1')] } });
});

afterEach(async () => {
  await kill();
  await Promise.all([sqlServer.close(), mongo.close()]);
  database.close();
  await folder[Symbol.asyncDispose]();
});

/** The server with the databases of this environment, on the state of the one before. */
async function start(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  server = await startProcess({ STATE_DIR: folder.path, EMIT_INTERVAL_MS: '250', ...environment });
  return server;
}

async function kill(): Promise<void> {
  server?.signal('SIGKILL');
  await server?.exited;
  server = undefined;
}

const ask = async ({ url }: ServerProcess, path: string) => bodyOf(await fetch(`${url}${path}`), AnyObject);

const withMongo = () => ({ MONGO_CONNECTION_STRING: mongo.url, MONGO_CONNECT_TIMEOUT_MS: '1000' });
const withSqlServer = () => ({
  ...environmentOf(sqlServer.settings()),
  ...{ DB_CA_FILE: CERTIFICATE, DB_CONNECT_TIMEOUT_MS: '1000' },
});
const withBoth = () => ({ ...withSqlServer(), ...withMongo(), BI_TIME_ZONE: 'UTC' });

function expectedOf(feature: string, generatedAt: unknown): Promise<Content<unknown>> {
  const documents = Object.fromEntries(mongo.data.collections);
  return figuresFromScratch(feature, { database, documents }, Date.parse(String(generatedAt)));
}

/** Every feature serves what its database holds by now. */
async function expectUpToDate(running: ServerProcess, features: readonly string[] = FEATURES): Promise<void> {
  for (const feature of features) {
    const { data, problems, status, generatedAt } = await ask(running, `/api/${feature}`);
    const expected = await expectedOf(feature, generatedAt);
    expect({ feature, status, data, problems }).toEqual({
      ...{ feature, status: 'live' },
      ...{ data: expected.data, problems: expected.problems },
    });
  }
}

const openClaims = (...ids: readonly number[]) => {
  for (const id of ids) {
    sqlServer.write(
      `insert into Claims (Id, MpClaimId, Type, DataCreated, Status) values (${id}, ${id}, 'Change', '${new Date().toISOString()}', 1)`,
    );
  }
};

test(
  'with one of two databases configured its features are live, the others say what to set, and nobody waits for them',
  async () => {
    const running = await start(withMongo());
    await running.ready();
    expect(running.banner).toContain(`MongoDB 127.0.0.1:${mongo.port}/Support`);
    expect(await ask(running, '/api/support/summary')).toMatchObject({ TotalTickets: 1 });
    const refused = await fetch(`${running.url}/api/claims`);
    expect(refused.status).toBe(503);
    expect(await bodyOf(refused, AnyObject)).toMatchObject({ detail: expect.stringContaining('set DB_SERVER') });
    expect((await ask(running, '/ws/status')).feeds).toEqual([
      expect.objectContaining({ source: 'sql', activity: 'none', reason: expect.stringContaining('set DB_SERVER') }),
      expect.objectContaining({ source: 'documents', mode: 'change-stream', reason: null }),
    ]);
  },
  WITHIN_MS,
);

describe('with both databases configured', () => {
  test(
    'all seven features are live from them, and follow what changes',
    async () => {
      const running = await start(withBoth());
      await running.ready();
      expect(running.banner).toContain(`SQL Server localhost:${sqlServer.endpoint.port}/Greg`);
      await expectUpToDate(running);
      const everything = await connectHub(running.url, 'all');
      for (const hub of FEATURES) await everything.nextOf('Snapshot', { hub });
      openClaims(9);
      await everything.nextOf('Snapshot', { hub: 'claims', reason: 'Auto' });
      mongo.insert('support_tickets', [ticket('u2')]);
      await everything.nextOf('Snapshot', { hub: 'support', reason: 'Auto' });
      await expectUpToDate(running, ['claims', 'support']);
      expect((await ask(running, '/ws/status')).feeds).toEqual([
        expect.objectContaining({ mode: 'change-tracking', reason: null, failing: null }),
        expect.objectContaining({ mode: 'change-stream', reason: null, failing: null }),
      ]);
      await everything.close();
    },
    WITHIN_MS,
  );

  test.each(['memory', 'disk'])(
    'what happens while we are killed is in the first snapshots of the next start (the mirror in %s)',
    async (MIRROR) => {
      await (await start({ ...withBoth(), MIRROR })).ready();
      await kill();
      openClaims(9, 10);
      sqlServer.write("delete from Payments where Id = 'p1'");
      mongo.insert('support_tickets', [ticket('u2'), ticket('u3')]);
      const again = await start({ ...withBoth(), MIRROR });
      await again.ready();
      await expectUpToDate(again);
    },
    WITHIN_MS,
  );

  test(
    'that are away at the start, the start goes on without them and they are found when they come',
    async () => {
      const { port, data } = mongo;
      const sqlPort = sqlServer.endpoint.port;
      await Promise.all([mongo.close(), sqlServer.close()]);
      const environment = withBoth();
      const running = await start(environment);
      expect((await fetch(`${running.url}/health`)).status).toBe(200);
      expect((await fetch(`${running.url}/ready`)).status).toBe(503);
      const refused = await fetch(`${running.url}/api/claims`);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBeString();
      mongo = await startMongoEndpoint({ port, data });
      sqlServer = await serveSqlServer(database, { port: sqlPort });
      await running.ready();
      await expectUpToDate(running);
    },
    WITHIN_MS,
  );
});

describe('with the mirror on disk', () => {
  const environment = () => ({ ...withBoth(), MIRROR: 'disk' });

  test(
    'a restart reads only what has moved meanwhile',
    async () => {
      await (await start(environment())).ready();
      await kill();
      openClaims(9, 10);
      sqlServer.write("update Payments set Status = 'approved' where Id = 'p3'");
      mongo.insert('support_tickets', [ticket('u2')]);
      const [rowsBefore, readBefore] = [sqlServer.rowsSent, mongo.latest('find')];
      const again = await start(environment());
      await again.ready();
      await expectUpToDate(again);
      expect(sqlServer.rowsSent - rowsBefore).toBe(3);
      expect(mongo.latest('find')).toBe(readBefore);
    },
    WITHIN_MS,
  );

  test(
    'a database that is away at a restart is waited for, and then only what has moved is read',
    async () => {
      await (await start(environment())).ready();
      await kill();
      const rowsBefore = sqlServer.rowsSent;
      const running = await start({ ...environment(), DB_PORT: '1' });
      expect((await fetch(`${running.url}/ready`)).status).toBe(503);
      await kill();
      openClaims(9);
      const again = await start(environment());
      await again.ready();
      await expectUpToDate(again);
      expect(sqlServer.rowsSent - rowsBefore).toBe(1);
    },
    WITHIN_MS,
  );

  test(
    'a load that kill -9 ended in the middle is begun again, and leaves nothing behind',
    async () => {
      database.run(
        `with recursive n(i) as (select 1000 union all select i + 1 from n where i < ${MANY_FILES + 999})
         insert into Files (Id, NomeArquivo, ContentType, FeatureCategoria, TamanhoBytes, CriadoEm)
         select i, 'file ' || i, 'image/png', 'Imagens', i, '2026-03-01T00:00:00.000Z' from n`,
      );
      await start(environment());
      const sent = sqlServer.rowsSent;
      await until(() => sqlServer.rowsSent - sent >= MANY_FILES / 5);
      await kill();
      expect(sqlServer.rowsSent - sent).toBeLessThan(MANY_FILES);
      const again = await start(environment());
      await again.ready();
      const stored = database
        .query<{ TotalFiles: number; TotalBytes: number }, []>(
          'select count(*) as TotalFiles, sum(TamanhoBytes) as TotalBytes from Files',
        )
        .get();
      expect(await ask(again, '/api/storage/overview')).toMatchObject({ ...stored });
      const files = (await readdir(folder.path)).filter((name) => name.startsWith('mirror'));
      expect(files.filter((name) => !/^mirror-(sql|documents)\.sqlite(-wal|\.lock)?$/.test(name))).toEqual([]);
      // Personal data: for the owner alone.
      for (const name of files) expect((await stat(join(folder.path, name))).mode & 0o077).toBe(0);
    },
    WITHIN_MS,
  );
});

const real = realServerSettings();
test.skipIf(real === null)(
  unless(sqlServerMissing, 'with the SQL Server of TEST_MSSQL_URL and a MongoDB, all seven features are live'),
  async () => {
    if (real === null) return;
    const there = await openRealServer(real);
    try {
      await there.load(database);
      const running = await start({ ...withMongo(), ...environmentOf(there.settings), BI_TIME_ZONE: 'UTC' });
      await running.ready();
      await expectUpToDate(running);
      await kill();
    } finally {
      await there.close();
    }
  },
  OPEN_WITHIN_MS,
);
