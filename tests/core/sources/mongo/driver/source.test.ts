import { afterEach, describe, expect, test } from 'bun:test';
import type { Timestamp } from 'mongodb';
import { firstValueFrom, ReplaySubject, skip, timeout } from 'rxjs';
import type { ChangeDetection } from '../../../../../src/core/sources/changes/change-detection.ts';
import type { SourceChange } from '../../../../../src/core/sources/changes/source-change.ts';
import type { DocumentSource } from '../../../../../src/core/sources/mongo/source.ts';
import { SourceTimeoutError } from '../../../../../src/core/sources/source-errors.ts';
import { support } from '../../../../../src/features/support/index.ts';
import { noTables } from '../../../../oracle/agreement.ts';
import { documentSourceOf } from '../../../../support/document-source.ts';
import { type MongoEndpoint, startMongoEndpoint } from '../../../../support/mongo-endpoint/endpoint.ts';
import { mongoSourceAt } from '../../../../support/mongo-source.ts';
import { startTcpProxy, type TcpProxy } from '../../../../support/tcp-proxy.ts';

const NOW = Date.UTC(2026, 2, 31, 12);
/** More than the half second that the driver leaves between two looks at a server. */
const WITHIN_MS = 1_000;
/** A change is told at most a second after another, and a stream that ended is opened again after a second at most. */
const PATIENCE_MS = 25_000;

const ticket = (number: number) => ({
  userId: `u${number}`,
  context: 'Pagamento',
  explanation: 'Paguei e não recebi',
  status: 'Open',
  createdAt: new Date(NOW - number * 3_600_000),
});
const collections = () => ({
  support_tickets: [ticket(1), ticket(2)],
  logs: [{ timestamp: new Date(NOW - 1_000), level: 'Error', source: 'Payments', message: 'Timeout' }],
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function endpointWith(options: Parameters<typeof startMongoEndpoint>[0] = {}): Promise<MongoEndpoint> {
  const endpoint = await startMongoEndpoint({ collections: collections(), ...options });
  closing.push(() => endpoint.close());
  return endpoint;
}

async function proxyTo({ port }: MongoEndpoint): Promise<TcpProxy> {
  const proxy = await startTcpProxy(`http://127.0.0.1:${port}`);
  closing.push(() => proxy.close());
  return proxy;
}

function tokens(kept: Map<string, string> = new Map()) {
  return {
    restored: (source: string) => kept.get(source),
    save(source: string, token: string | null) {
      if (token === null) kept.delete(source);
      else kept.set(source, token);
    },
  };
}

function sourceAt(connectionString: string, resumeTokens = tokens()) {
  const detections: ChangeDetection[] = [];
  const { promise: detected, resolve } = Promise.withResolvers<void>();
  const settings = { connectTimeoutMs: WITHIN_MS, changeIntervalMs: 1_000 };
  const onDetection = (detection: ChangeDetection) => {
    detections.push(detection);
    resolve();
  };
  const source = mongoSourceAt(connectionString, settings, { resumeTokens, random: () => 0, onDetection });
  closing.push(() => source.close());
  return { source, detections, detected };
}

const figures = async (documents: DocumentSource) =>
  (await support.load({ sql: noTables, documents }, NOW, AbortSignal.timeout(3_000))).data;

/** What a person would see of the documents that the endpoint holds. */
const expected = async ({ data }: MongoEndpoint) =>
  figures(await documentSourceOf(Object.fromEntries(data.collections)));

/** Follows a source's changes, once it is found out how; `next` is the next that was not taken yet. */
async function follow({ source, detected }: ReturnType<typeof sourceAt>) {
  const seen = new ReplaySubject<SourceChange['names']>();
  const subscription = source.changes.subscribe(({ names }) => seen.next(names));
  closing.push(async () => subscription.unsubscribe());
  await detected;
  let taken = 0;
  return {
    subscription,
    next: () => firstValueFrom(seen.pipe(skip(taken++), timeout(PATIENCE_MS))),
  };
}

describe('reading from MongoDB', () => {
  test('gives the figures of the embedded engine', async () => {
    const endpoint = await endpointWith();
    const { source } = sourceAt(endpoint.url);
    expect(await figures(source)).toEqual(await expected(endpoint));
    expect(source.description).toBe(`MongoDB 127.0.0.1:${endpoint.port}/Support`);
  });

  test('without the logs collection has no logs, and without tickets fails by that name', async () => {
    const endpoint = await endpointWith();
    const { source } = sourceAt(endpoint.url);
    endpoint.drop('logs');
    expect((await figures(source)).logs).toBeNull();
    endpoint.drop('support_tickets');
    await expect(figures(source)).rejects.toThrow('support_tickets');
  });

  test('a connection string that cannot be read is told, without a word of it', () => {
    expect(() => sourceAt('mongodb://user:hunter2@')).toThrow(/connection string cannot be/);
    expect(() => sourceAt('mongodb://user:hunter2@')).not.toThrow(/hunter2/);
  });
});

describe('when MongoDB has a bad day', () => {
  const refusal = (code: number) => ({ code, codeName: 'Code', message: 'secret of a row' });

  test.each([
    ['authentication fails', 'aggregate', refusal(18), 'SourceError', /authentication failed/],
    ['the user may not read', 'aggregate', refusal(13), 'QueryRefusedError', /may not read/],
    ['a query takes too long', 'aggregate', refusal(50), 'SourceTimeoutError', /did not answer in time/],
    ['a query is refused', 'aggregate', refusal(2), 'QueryRefusedError', /refused the query \(error 2\)/],
  ])('%s: the read says so, and the next one is right', async (_, command, error, name, told) => {
    const endpoint = await endpointWith();
    const { source } = sourceAt(endpoint.url);
    endpoint.failNext(command, error, 2);
    const failure: unknown = await figures(source).catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ name, message: expect.stringMatching(told) });
    expect(String(failure)).not.toContain('secret');
    endpoint.failNext(command, error, 0);
    expect(await figures(source)).toEqual(await expected(endpoint));
  });

  test('it is killed and started again: no restart of ours', async () => {
    const endpoint = await startMongoEndpoint({ collections: collections() });
    const { source } = sourceAt(endpoint.url);
    await figures(source);
    await endpoint.close();
    await expect(figures(source)).rejects.toMatchObject({ name: 'SourceError' });
    const again = await endpointWith({ port: endpoint.port, data: endpoint.data });
    again.insert('support_tickets', [ticket(3)]);
    expect(await figures(source)).toEqual(await expected(again));
  });

  test.each(['refused', 'silent', 'garbled', 'cut'])(
    'its connections are %s, and then are not',
    async (fault) => {
      const endpoint = await endpointWith();
      const proxy = await proxyTo(endpoint);
      const { source } = sourceAt(endpoint.urlAt(proxy.port));
      await figures(source);
      const mend = breakIt(fault, proxy, endpoint);
      await expect(figures(source)).rejects.toMatchObject({ name: expect.stringMatching(/^Source(Timeout)?Error$/) });
      mend();
      proxy.cut();
      expect(await figures(source)).toEqual(await expected(endpoint));
    },
    15_000,
  );

  test('its name is not known: that is told', async () => {
    const { source } = sourceAt('mongodb://database.invalid:27017/');
    await expect(figures(source)).rejects.toThrow(
      /^MongoDB database\.invalid:27017\/MeuCrudSupportDb (cannot be found|does not answer)/,
    );
  });

  test('a read that nobody waits for any more ends at once', async () => {
    const endpoint = await endpointWith();
    const { source } = sourceAt(endpoint.url);
    await figures(source);
    const release = endpoint.stall('aggregate');
    const abort = new AbortController();
    const reading = support.load({ sql: noTables, documents: source }, NOW, abort.signal);
    abort.abort();
    await expect(reading).rejects.toBeInstanceOf(SourceTimeoutError);
    release();
    expect(await figures(source)).toEqual(await expected(endpoint));
  });
});

function breakIt(fault: string, proxy: TcpProxy, endpoint: MongoEndpoint): () => void {
  if (fault === 'silent') return proxy.stall();
  if (fault === 'garbled') return proxy.garble();
  proxy.forwardTo(null);
  proxy.cut();
  return () => proxy.forwardTo(`http://127.0.0.1:${endpoint.port}`);
}

describe('the change stream', () => {
  test('tells what moved, and nothing of what is not watched', async () => {
    const endpoint = await endpointWith();
    const opened = sourceAt(endpoint.url);
    const changes = await follow(opened);
    expect(opened.detections).toEqual([{ mode: 'change-stream', reason: null }]);
    endpoint.insert('elsewhere', [ticket(1)]);
    endpoint.insert('support_tickets', [ticket(3)]);
    expect(await changes.next()).toEqual(new Set(['support_tickets']));
    endpoint.drop('logs');
    expect(await changes.next()).toEqual(new Set(['logs']));
  }, 30_000);

  test('a read after a change waits for it, however far behind the server is that answers', async () => {
    const endpoint = await endpointWith();
    const opened = sourceAt(endpoint.url);
    const changes = await follow(opened);
    endpoint.fallBehind();
    endpoint.insert('support_tickets', [ticket(3)]);
    await changes.next();
    const clusterTime: Timestamp = endpoint.data.history.at(-1)?.event.clusterTime;
    await figures(opened.source);
    const { afterClusterTime } = endpoint.latest('aggregate')?.readConcern ?? {};
    expect(afterClusterTime.greaterThanOrEqual(clusterTime)).toBe(true);
  }, 30_000);

  test('goes on where it was after a restart of ours', async () => {
    const endpoint = await endpointWith();
    const kept = new Map<string, string>();
    const first = sourceAt(endpoint.url, tokens(kept));
    const changes = await follow(first);
    endpoint.insert('logs', [{ level: 'Error' }]);
    await changes.next();
    changes.subscription.unsubscribe();
    await first.source.close();
    endpoint.insert('support_tickets', [ticket(4)]);
    const second = sourceAt(endpoint.url, tokens(kept));
    const later = await follow(second);
    expect(await later.next()).toEqual(new Set(['support_tickets']));
  }, 30_000);

  test.each<[string, (endpoint: MongoEndpoint) => void]>([
    ['cursors are killed', (endpoint) => endpoint.killCursors()],
    ['the primary steps down', (endpoint) => endpoint.stepDown()],
  ])(
    'goes on when %s',
    async (_, happen) => {
      const endpoint = await endpointWith();
      const opened = sourceAt(endpoint.url);
      const changes = await follow(opened);
      happen(endpoint);
      endpoint.insert('support_tickets', [ticket(5)]);
      expect(await changes.next()).toEqual(new Set(['support_tickets']));
    },
    15_000,
  );

  test.each<[string, (endpoint: MongoEndpoint) => void]>([
    ['its history is lost', (endpoint) => endpoint.expireHistory()],
    ['the database is dropped', (endpoint) => endpoint.dropDatabase()],
  ])(
    'takes everything to have changed when %s',
    async (_, happen) => {
      const endpoint = await endpointWith();
      const opened = sourceAt(endpoint.url);
      const changes = await follow(opened);
      happen(endpoint);
      let names = await changes.next();
      while (names !== 'all') names = await changes.next();
      endpoint.insert('support_tickets', [ticket(6)]);
      names = await changes.next();
      expect(names === 'all' || names.has('support_tickets')).toBe(true);
    },
    15_000,
  );

  test('of a stand-alone server is none: read at intervals, and told what would give one', async () => {
    const endpoint = await endpointWith({ replicaSet: null });
    const opened = sourceAt(endpoint.url);
    const changes = await follow(opened);
    expect(opened.detections).toEqual([{ mode: 'interval', reason: expect.stringContaining('--replSet') }]);
    expect(await changes.next()).toBe('all');
  }, 30_000);
});
