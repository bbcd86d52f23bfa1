import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { STORE_FILE } from '../../src/core/store/store.ts';
import { RESTORED } from '../../src/core/store/warm-start.ts';
import { features } from '../../src/features/index.ts';
import { connectHub } from '../support/hub-client.ts';
import { startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { ticket } from '../support/remote-company.ts';
import { AnyObject, bodyOf } from '../support/response-body.ts';
import { until } from '../support/until.ts';

/** `WARM_KILLS_OF_SERVER=100 npm run test:some tests/main/warm-start.test.ts` looks longer. */
const KILLS = Number(process.env.WARM_KILLS_OF_SERVER ?? 10);

const LIVELY = { DEMO_RATE: '50', EMIT_INTERVAL_MS: '250' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await end('SIGKILL');
  await folder[Symbol.asyncDispose]();
});

async function start(environment: Readonly<Record<string, string>>): Promise<void> {
  server = await startProcess({ STATE_DIR: folder.path, ...environment });
}

async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  server.signal(signal);
  await server.exited;
}

async function ask(path: string) {
  const response = await fetch(server.url + path);
  return { httpStatus: response.status, body: await bodyOf(response, AnyObject) };
}

const support = async () => (await ask('/api/support')).body;

/** How many features have a snapshot in the store. */
function keptCount(): number {
  const database = new Database(join(folder.path, STORE_FILE), { readonly: true });
  try {
    return database.query('select feature from Snapshots').all().length;
  } finally {
    database.close();
  }
}

describe('a server that restarts while its database is down', () => {
  test('serves the last snapshots at once, stale, but never those of another database', async () => {
    const mongo = await startMongoEndpoint({ collections: { support_tickets: [ticket('u1'), ticket('u2')] } });
    const environment = { MONGO_CONNECTION_STRING: mongo.url, MONGO_CONNECT_TIMEOUT_MS: '1000' };
    await start(environment);
    await server.ready();
    const before = await support();
    expect(before).toMatchObject({ status: 'live' });
    await end('SIGTERM');
    await mongo.close();

    await start(environment);
    const { staleReason: _, staleSince, ...after } = await support();
    expect(after).toEqual({ ...before, status: 'stale', generatedAt: staleSince });
    expect(Date.parse(String(staleSince))).toBeGreaterThanOrEqual(Date.parse(String(before.generatedAt)));
    expect((await ask('/ready')).httpStatus).toBe(200);
    // Once it has tried, the reason is that of the database; since when stays.
    await until(async () => (await support()).staleReason !== RESTORED);
    expect(await support()).toMatchObject({ seq: before.seq, status: 'stale', staleSince, data: before.data });
    await end('SIGTERM');

    await start({ ...environment, MONGO_DATABASE: 'another' });
    expect((await ask('/api/support')).httpStatus).toBe(503);
    expect(server.log()).toContain('it came from another source, time zone or version of the program');
  }, 60_000);
});

describe('the demo company, whose server is killed again and again', () => {
  test(`over ${KILLS} kills no answer is empty, and no number goes back over REST or hubs`, async () => {
    const newest = new Map<string, number>();
    const see = (feature: unknown, seq: unknown) => {
      expect(Number(seq)).toBeGreaterThanOrEqual(newest.get(String(feature)) ?? 0);
      newest.set(String(feature), Number(seq));
    };
    await start(LIVELY);
    await until(() => keptCount() === features.length);
    for (let kill = 0; kill < KILLS; kill++) {
      const client = await connectHub(server.url, 'all');
      await client.nextOf('Snapshot', { hub: 'financial', reason: 'Auto' });
      await end('SIGKILL');
      for (const { type, hub, seq } of client.frames) if (type === 'Snapshot') see(hub, seq);
      await start(LIVELY);
      const answers = await Promise.all(features.map(({ name }) => ask(`/api/${name}`)));
      expect(answers.map(({ httpStatus }) => httpStatus)).toEqual(features.map(() => 200));
      for (const { body } of answers) see(body.feature, body.seq);
    }
  }, 120_000);
});
