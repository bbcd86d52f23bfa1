import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import type { Sources } from '../../../src/core/sources/sources.ts';
import { features } from '../../../src/features/index.ts';
import { storedDocumentSource } from '../../support/document-source.ts';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { type MongoEndpoint, startMongoEndpoint } from '../../support/mongo-endpoint/endpoint.ts';
import { mongoSourceAt } from '../../support/mongo-source.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import { type EndpointServer, serveOverTds } from '../../support/sql-server.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { openClaim, openSmallCompany } from '../hubs/small-company.ts';

const BACK_OFF_MS = 500;
const CONNECT_WITHIN_MS = 600;
const REQUEST_WITHIN_MS = 1_000;
const WITHIN_MS = 30_000;

const ticket = (userId: string) => ({
  userId,
  context: 'Pagamento',
  explanation: 'x',
  status: 'Open',
  createdAt: new Date(),
});

let company: Awaited<ReturnType<typeof openSmallCompany>>;
let sqlServer: EndpointServer;
let mongo: MongoEndpoint;
let proxies: { readonly sql: TcpProxy; readonly documents: TcpProxy };
let sources: Sources;
let server: TestServer;
/** How far the wall clock is set apart, ms. */
let shiftMs = 0;
let clients: HubClient[] = [];

beforeEach(async () => {
  const database = emptyDatabase();
  company = await openSmallCompany(database);
  sqlServer = await serveOverTds(database);
  mongo = await startMongoEndpoint({
    collections: {
      support_tickets: [ticket('u1')],
    },
  });
  proxies = {
    sql: await startTcpProxy(`http://127.0.0.1:${sqlServer.endpoint.port}`),
    documents: await startTcpProxy(`http://127.0.0.1:${mongo.port}`),
  };
  sources = {
    sql: sqlServer.source({
      settings: { port: proxies.sql.port, connectTimeoutMs: CONNECT_WITHIN_MS, requestTimeoutMs: REQUEST_WITHIN_MS },
    }),
    documents: mongoSourceAt(mongo.urlAt(proxies.documents.port), { connectTimeoutMs: 1_500, changeIntervalMs: 1_000 }),
  };
  shiftMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + shiftMs };
  const timings = { backOffMs: BACK_OFF_MS, backOffMaxMs: BACK_OFF_MS };
  server = startTestServer({ features, sources, timings, clock });
  const snapshots = features.map(async ({ name }) => (await hub(name)).nextOf('Snapshot'));
  await Promise.all(snapshots);
}, WITHIN_MS);

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  await server.stop();
  await Promise.all([sources.sql.close(), sources.documents.close()]);
  await Promise.all([proxies.sql.close(), proxies.documents.close()]);
  await Promise.all([sqlServer.close(), mongo.close(), company.sql.close()]);
}, WITHIN_MS);

async function hub(name: string): Promise<HubClient> {
  const client = await connectHub(server.url, name);
  clients.push(client);
  return client;
}

const ask = async (path: string) => bodyOf(await fetch(`${server.url}${path}`), AnyObject);

const actorOf = (name: string) => {
  const found = server.supervisor.running.find(({ actor }) => actor.name === name);
  if (found === undefined) throw new Error(`No feature is called ${name}`);
  return found.actor;
};

/** What may become of the way to a database: how it begins and ends. */
const FAULTS: readonly (readonly [string, (proxy: TcpProxy, target: string) => () => void])[] = [
  [
    'refuses connections',
    (proxy, target) => {
      proxy.forwardTo(null);
      proxy.cut();
      return () => proxy.forwardTo(target);
    },
  ],
  [
    'takes connections and says nothing',
    (proxy) => {
      const release = proxy.hold();
      proxy.cut();
      return () => {
        proxy.cut();
        release();
      };
    },
  ],
  ['falls silent in the midst', (proxy) => proxy.stall()],
  ['garbles what it says', (proxy) => proxy.garble()],
  ['says one byte a second', (proxy) => proxy.slowDown(1)],
];

const SOURCES = [
  { source: 'sql', broken: 'claims', healthy: 'support', title: 'The SQL database' },
  { source: 'documents', broken: 'support', healthy: 'claims', title: 'The document database' },
] as const;

/** What a feature's figures have to be, by the engine that holds the rows. */
async function expectedOf(feature: string, generatedAt: unknown) {
  const found = features.find(({ name }) => name === feature);
  const documents = await storedDocumentSource(Object.fromEntries(mongo.data.collections));
  const signal = AbortSignal.timeout(WITHIN_MS);
  const loaded = await found?.load({ sql: company.sql, documents }, Date.parse(String(generatedAt)), signal);
  return loaded?.data;
}

describe.each(SOURCES)('when the way to $source breaks', ({ source, broken, healthy, title }) => {
  test.each(FAULTS)(
    '(it %s) its features are stale and everyone is told; the others notice nothing; it comes back without a restart',
    async (_, begin) => {
      const [stale, notified] = [await hub(broken), await hub('notifications')];
      await stale.nextOf('Snapshot');
      const before = await ask(`/api/${broken}`);
      const target = `http://127.0.0.1:${source === 'sql' ? sqlServer.endpoint.port : mongo.port}`;
      const mend = begin(proxies[source], target);
      expect(await stale.nextOf('Status')).toMatchObject({
        status: 'stale',
        reason: expect.stringMatching(/^(SQL Server|MongoDB|The source) /),
      });
      expect(await notified.nextOf('Notification', { title: `${title} is lost` })).toMatchObject({
        severity: 'critical',
      });

      expect(await ask(`/api/${broken}`)).toMatchObject({ status: 'stale', data: before.data, seq: before.seq });
      expect((await ask('/ws/status')).hubs).toContainEqual(expect.objectContaining({ hub: broken, status: 'stale' }));
      expect((await ask('/ready')).features).toContainEqual({ feature: broken, data: 'stale' });
      await actorOf(healthy).refresh();
      expect(await ask(`/api/${healthy}`)).toMatchObject({ status: 'live' });

      // What changes while nobody can look is in the first snapshot after it.
      if (source === 'sql') await openClaim(company.sql, 9);
      else mongo.insert('support_tickets', [ticket('u2')]);
      mend();
      expect(await notified.nextOf('Notification', { title: `${title} is back` })).toMatchObject({ severity: 'info' });
      await stale.nextOf('Status', { status: 'live' });
      const after = await ask(`/api/${broken}`);
      expect(after).toMatchObject({ status: 'live' });
      expect(after.data).not.toEqual(before.data);
      expect(after.data).toEqual(await expectedOf(broken, after.generatedAt));
    },
    WITHIN_MS,
  );
});

test(
  'when a collection is dropped its feature says so, no source is lost, and it is live again with the collection',
  async () => {
    const [stale, notified] = [await hub('support'), await hub('notifications')];
    await stale.nextOf('Snapshot');
    mongo.drop('support_tickets');
    expect(await stale.nextOf('Status', { status: 'stale' })).toMatchObject({
      reason: expect.stringContaining('support_tickets'),
    });
    await actorOf('claims').refresh();
    expect(await ask('/api/claims')).toMatchObject({ status: 'live' });
    mongo.insert('support_tickets', [ticket('u3'), ticket('u4')]);
    await stale.nextOf('Status', { status: 'live' });
    const { data, generatedAt } = await ask('/api/support');
    expect(data).toEqual(await expectedOf('support', generatedAt));
    expect(notified.frames.filter(({ type }) => type === 'Notification')).toEqual([]);
  },
  WITHIN_MS,
);

test.each([
  ['forward', 86_400_000],
  ['back', -86_400_000],
])(
  'when the wall clock is set %s by a day, changes come as before, and figures are of the new time',
  async (_, shift) => {
    const claims = await hub('claims');
    const { seq } = await claims.nextOf('Snapshot');
    shiftMs = shift;
    await openClaim(company.sql, 9);
    sqlServer.system.changes.write('Claims');
    const changed = await claims.nextOf('Snapshot', { reason: 'Auto' });
    expect(Number(changed.seq)).toBeGreaterThan(Number(seq));
    const answer = await fetch(`${server.url}/api/claims`);
    expect(Number(answer.headers.get('age'))).toBeWithin(0, WITHIN_MS / 1000);
    const { status, generatedAt } = await bodyOf(answer, AnyObject);
    expect(status).toBe('live');
    expect(Math.abs(Date.parse(String(generatedAt)) - Date.now() - shift)).toBeLessThan(WITHIN_MS);
    expect(server.errors).toEqual([]);
  },
  WITHIN_MS,
);
