import type { Database } from 'bun:sqlite';
import type { FeedTimings } from '../../src/core/feeds/feed-timings.ts';
import { type Clock, systemClock } from '../../src/core/runtime/clock.ts';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import { features } from '../../src/features/index.ts';
import { openSmallCompany } from '../core/hubs/small-company.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { emptyDatabase } from './company-database.ts';
import { figuresFromScratch } from './figures-from-scratch.ts';
import { connectHub, type HubClient } from './hub-client.ts';
import { localSources } from './local-sources.ts';
import { type MongoEndpoint, startMongoEndpoint } from './mongo-endpoint/endpoint.ts';
import { mongoFeedAt } from './mongo-feed.ts';
import { AnyObject, bodyOf } from './response-body.ts';
import { type SqlServerEndpoint, type SqlServerEndpointOptions, serveSqlServer } from './sql-server-endpoint.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** The whole server over both databases, each behind a proxy, with the real drivers. */
export interface RemoteCompany {
  readonly server: TestServer;
  readonly database: Database;
  readonly sqlServer: SqlServerEndpoint;
  readonly mongo: MongoEndpoint;
  readonly proxies: { readonly sql: TcpProxy; readonly documents: TcpProxy };
  /** The target of each proxy. */
  readonly targets: { readonly sql: string; readonly documents: string };
  /** Connects to a hub until the test ends. */
  hub(name: string): Promise<HubClient>;
  /** The body of a response. */
  ask(path: string): Promise<Readonly<Record<string, unknown>>>;
  /** The expected figures of a feature, from a mirror newly loaded from the databases. */
  expected(feature: string, generatedAt: unknown): Promise<Content<unknown>>;
  close(): Promise<void>;
}

export interface RemoteCompanyOptions {
  readonly clock?: Clock;
  /** Timings of both feeds; those of the server by default. */
  readonly timings?: Partial<FeedTimings>;
  /** Time limits for answers of a database, ms; by default so long that none is lost because the machine is busy. */
  readonly connectWithinMs?: number;
  readonly requestWithinMs?: number;
  /** Takes precedence over other answers of SQL Server. */
  readonly interfere?: SqlServerEndpointOptions['interfere'];
}

export const ticket = (userId: string) => ({
  ...{ userId, context: 'Pagamento', explanation: 'x', status: 'Open' },
  createdAt: new Date(),
});

export async function openRemoteCompany(options: RemoteCompanyOptions = {}): Promise<RemoteCompany> {
  const { clock = systemClock, timings = {}, connectWithinMs = 20_000, requestWithinMs = 20_000, interfere } = options;
  const database = emptyDatabase();
  await openSmallCompany(database);
  const sqlServer = await serveSqlServer(database, interfere === undefined ? {} : { interfere });
  const mongo = await startMongoEndpoint({ collections: { support_tickets: [ticket('u1')] } });
  const targets = { sql: sqlServer.address, documents: `http://127.0.0.1:${mongo.port}` };
  const proxies = { sql: await startTcpProxy(targets.sql), documents: await startTcpProxy(targets.documents) };
  const times = { connectTimeoutMs: connectWithinMs, requestTimeoutMs: requestWithinMs };
  const sql = sqlServer.source({
    settings: { port: proxies.sql.port, ...times },
    clock,
    tables: mirroredBy(features, 'sql'),
  });
  const documents = mongoFeedAt(
    mongo.urlAt(proxies.documents.port),
    { connectTimeoutMs: Math.max(connectWithinMs, 1_500) },
    { clock, tables: mirroredBy(features, 'documents') },
  );
  const sources = localSources({ sql, documents }, { clock, timings: { askEveryMs: 1_000, ...timings } });
  const server = startTestServer({ features, sources, clock });
  const clients: HubClient[] = [];
  const hub = async (name: string) => {
    const client = await connectHub(server.url, name);
    clients.push(client);
    return client;
  };
  await Promise.all(features.map(async ({ name }) => (await hub(name)).nextOf('Snapshot')));

  return {
    ...{ server, database, sqlServer, mongo, proxies, targets, hub },
    ask: async (path) => bodyOf(await fetch(`${server.url}${path}`), AnyObject),
    expected: (feature, generatedAt) =>
      figuresFromScratch(
        feature,
        { database, documents: Object.fromEntries(mongo.data.collections) },
        Date.parse(String(generatedAt)),
      ),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await server.stop();
      await Promise.all([proxies.sql.close(), proxies.documents.close()]);
      await Promise.all([sqlServer.close(), mongo.close()]);
      database.close();
    },
  };
}
