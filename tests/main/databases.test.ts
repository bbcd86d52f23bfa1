import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { claims } from '../../src/features/claims/index.ts';
import { openSmallCompany } from '../core/hubs/small-company.ts';
import { noDocuments } from '../oracle/agreement.ts';
import { connectHub } from '../support/hub-client.ts';
import { type MongoEndpoint, startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { environmentOf, openRealServer, realServerSettings, sqlServerMissing } from '../support/real-sql-server.ts';
import { AnyObject, bodyOf } from '../support/response-body.ts';
import { OPEN_WITHIN_MS } from '../support/sql-servers.ts';
import { emptyDatabase } from '../support/sqlite-source.ts';
import { unless } from '../support/unless.ts';

const WITHIN_MS = 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess | undefined;
let mongo: MongoEndpoint;

beforeEach(async () => {
  folder = await temporaryFolder();
  mongo = await startMongoEndpoint({ collections: { support_tickets: [ticket()] } });
});

afterEach(async () => {
  await kill();
  await mongo.close();
  await folder[Symbol.asyncDispose]();
});

const ticket = () => ({ userId: 'u1', context: 'Curso', explanation: 'x', status: 'Open', createdAt: new Date() });

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
const summaryOf = (running: ServerProcess) => ask(running, '/api/support/summary');

describe('with a MongoDB configured', () => {
  const environment = () => ({ MONGO_CONNECTION_STRING: mongo.url, MONGO_CONNECT_TIMEOUT_MS: '1000' });

  test(
    'its features are live from it, the others say what to set, and nobody waits for them',
    async () => {
      const running = await start(environment());
      await running.ready();
      expect(running.banner).toContain(`MongoDB 127.0.0.1:${mongo.port}/Support`);
      expect(await summaryOf(running)).toMatchObject({ TotalTickets: 1 });
      const refused = await fetch(`${running.url}/api/claims`);
      expect(refused.status).toBe(503);
      expect(await bodyOf(refused, AnyObject)).toMatchObject({ detail: expect.stringContaining('set DB_SERVER') });
      expect((await ask(running, '/ws/status')).sources).toEqual([
        expect.objectContaining({ changeDetection: { mode: 'none', reason: 'set DB_SERVER' } }),
        expect.objectContaining({ changeDetection: { mode: 'change-stream', reason: null } }),
      ]);
      const client = await connectHub(running.url, 'support');
      await client.nextOf('Snapshot');
      mongo.insert('support_tickets', [ticket()]);
      await client.nextOf('Snapshot', { reason: 'Auto' });
      expect(await summaryOf(running)).toMatchObject({ TotalTickets: 2 });
    },
    WITHIN_MS,
  );

  test(
    'what happens while we are killed is in the first snapshot of the next start',
    async () => {
      await (await start(environment())).ready();
      await kill();
      mongo.insert('support_tickets', [ticket(), ticket()]);
      const again = await start(environment());
      await again.ready();
      expect(await summaryOf(again)).toMatchObject({ TotalTickets: 3 });
    },
    WITHIN_MS,
  );

  test(
    'that is away at the start, the start goes on without it and it is found when it comes',
    async () => {
      const { port, data } = mongo;
      await mongo.close();
      const running = await start(environment());
      expect((await fetch(`${running.url}/health`)).status).toBe(200);
      expect((await fetch(`${running.url}/ready`)).status).toBe(503);
      mongo = await startMongoEndpoint({ port, data });
      await running.ready();
      expect(await summaryOf(running)).toMatchObject({ TotalTickets: 1 });
    },
    WITHIN_MS,
  );
});

const real = realServerSettings();
test.skipIf(real === null)(
  unless(sqlServerMissing, 'with the SQL Server of TEST_MSSQL_URL and a MongoDB, all seven features are live'),
  async () => {
    if (real === null) return;
    const database = emptyDatabase();
    const company = await openSmallCompany(database);
    const sqlServer = await openRealServer(real);
    try {
      await sqlServer.load(database);
      const running = await start({
        MONGO_CONNECTION_STRING: mongo.url,
        ...environmentOf(sqlServer.settings),
      });
      await running.ready();
      const { generatedAt, data } = await ask(running, '/api/claims');
      const sources = { sql: company.sql, documents: noDocuments };
      const expected = await claims.load(sources, Date.parse(String(generatedAt)), AbortSignal.timeout(WITHIN_MS));
      expect(data).toEqual(expected.data);
      expect(await ask(running, '/ready')).toMatchObject({ status: 'ready' });
      await kill();
    } finally {
      await sqlServer.close();
      await company.sql.close();
    }
  },
  OPEN_WITHIN_MS,
);
