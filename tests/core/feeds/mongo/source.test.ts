import { afterEach, describe, expect, test } from 'bun:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';
import type { MongoFeedOptions } from '../../../../src/core/feeds/mongo/source.ts';
import { type MongoEndpoint, startMongoEndpoint } from '../../../support/mongo-endpoint/endpoint.ts';
import { mongoFeedAt } from '../../../support/mongo-feed.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { documents, heldRows, log, rowsOf, ticket } from './expected-rows.ts';
import { type Follower, follow, foundTables, type Held, type HeldRows } from './follower.ts';

const WITHIN_MS = 30_000;
const HOUR_MS = 3_600_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
}, WITHIN_MS);

async function endpointWith(options: Parameters<typeof startMongoEndpoint>[0] = {}): Promise<MongoEndpoint> {
  const endpoint = await startMongoEndpoint({ collections: documents(), ...options });
  closing.push(() => endpoint.close());
  return endpoint;
}

function followerAt(url: string, options: Partial<MongoFeedOptions> = {}, held?: Held): Follower {
  const follower = follow(mongoFeedAt(url, {}, { awaitMs: 100, ...options }), held);
  closing.push(() => follower.close());
  return follower;
}

const expected = ({ data }: MongoEndpoint) => rowsOf(Object.fromEntries(data.collections));
const refusal = (code: number) => ({ code, codeName: 'Code', message: 'secret of a row' });
const isStream = ({ pipeline }: Document) => '$changeStream' in pipeline[0];
const firstId = ({ data }: MongoEndpoint): unknown => data.collections.get('support_tickets')?.[0]?._id;

function expectInStep({ held }: Follower, endpoint: MongoEndpoint): void {
  expect(heldRows(held)).toEqual(expected(endpoint));
}

const nowhere = { rows: async () => {}, deleted: async () => {}, whole: async () => {} };

/** Resolves once this command was asked. */
async function asked(endpoint: MongoEndpoint, command: string, before: Document | undefined): Promise<void> {
  while (endpoint.latest(command) === before) await wait(1);
}

describe('when MongoDB has a bad day', () => {
  test.each([
    ['authentication fails', 'aggregate', refusal(18), 'SourceError', /authentication failed/],
    ['the user may not read', 'find', refusal(13), 'QueryRefusedError', /may not read/],
    ['a read takes too long', 'find', refusal(50), 'SourceTimeoutError', /did not answer in time/],
    ['a read is refused', 'find', refusal(2), 'QueryRefusedError', /refused the query \(error 2\)/],
    ['the collections cannot be listed', 'listCollections', refusal(2), 'QueryRefusedError', /refused the query/],
  ])('%s: the feed says so, and the next try is right', async (_, command, error, name, words) => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    endpoint.failNext(command, error, 2);
    const failure: unknown = await follower.sync().catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ name, message: expect.stringMatching(words) });
    expect(String(failure)).not.toContain('secret');
    endpoint.failNext(command, error, 0);
    await follower.sync();
    expectInStep(follower, endpoint);
  });

  test.each([11_600, 189, 91])('a single error %d that passes is not even noticed', async (code) => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    for (const command of ['listCollections', 'ping', 'aggregate']) endpoint.failNext(command, refusal(code));
    await follower.sync();
    expectInStep(follower, endpoint);
    endpoint.insert('support_tickets', [ticket(3)]);
    for (const command of ['listCollections', 'ping', 'getMore']) endpoint.failNext(command, refusal(code));
    await follower.sync();
    expectInStep(follower, endpoint);
    expect(follower.loads).toBe(1);
    expect(follower.outdated).toBeNull();
  });

  test('it is killed and started again: what happened meanwhile is followed', async () => {
    const endpoint = await startMongoEndpoint({ collections: documents() });
    const follower = followerAt(endpoint.url);
    await follower.sync();
    await endpoint.close();
    await expect(follower.sync()).rejects.toMatchObject({ name: 'SourceError' });
    const again = await endpointWith({ port: endpoint.port, data: endpoint.data });
    again.insert('support_tickets', [ticket(3)]);
    await follower.sync();
    expectInStep(follower, again);
    expect(follower.loads).toBe(1);
  });

  test('an unknown host name is reported', async () => {
    await expect(followerAt('mongodb://database.invalid:27017/').sync()).rejects.toThrow(
      /^MongoDB database\.invalid:27017\/MeuCrudSupportDb (cannot be found|does not answer)/,
    );
  });

  test.each(['listCollections', 'find', 'aggregate'])(
    'a signal ends what waits for %s at once, and nothing is handed over after it',
    async (command) => {
      const endpoint = await endpointWith();
      const source = mongoFeedAt(endpoint.url);
      closing.push(() => source.close());
      const handed: string[] = [];
      const sink = { rows: async (table: string) => void handed.push(table) };
      const abort = new AbortController();
      const release = endpoint.stall(command);
      const loading = source.open(abort.signal).then((session) => session.load(sink, abort.signal));
      await asked(endpoint, command, undefined);
      abort.abort();
      await expect(loading).rejects.toMatchObject({ name: 'SourceTimeoutError' });
      release();
      const after = handed.length;
      const follower = followerAt(endpoint.url);
      await follower.sync();
      expectInStep(follower, endpoint);
      expect(handed).toHaveLength(after);
    },
  );
});

describe('the first load', () => {
  test.each<[string, (endpoint: MongoEndpoint) => void]>([
    ['inserted', (endpoint) => endpoint.insert('support_tickets', [ticket(3)])],
    ['updated', (endpoint) => endpoint.update('support_tickets', firstId(endpoint), { status: 'Closed' })],
    ['removed', (endpoint) => endpoint.remove('support_tickets', firstId(endpoint))],
  ])('misses nothing that is %s before, while and after a collection is read', async (_, happen) => {
    for (const moment of [
      isStream,
      ({ find }: Document) => find === 'support_tickets',
      ({ find }: Document) => find === 'logs',
    ]) {
      const endpoint = await endpointWith();
      const follower = followerAt(endpoint.url);
      const command = moment === isStream ? 'aggregate' : 'find';
      const reached = Promise.withResolvers<void>();
      const release = endpoint.stall(command, (document) => {
        if (!moment(document)) return false;
        reached.resolve();
        return true;
      });
      const syncing = follower.next();
      await reached.promise;
      happen(endpoint);
      release();
      await syncing;
      await follower.sync();
      expectInStep(follower, endpoint);
      expect(follower.loads).toBe(1);
    }
  });

  test('opens the stream before it reads', async () => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    const release = endpoint.stall('aggregate', isStream);
    const syncing = follower.sync();
    await asked(endpoint, 'aggregate', undefined);
    await wait(100);
    expect(endpoint.latest('find')).toBeUndefined();
    release();
    await syncing;
  });

  test('waits for what had happened by then, however far behind the member is that answers', async () => {
    const endpoint = await endpointWith();
    endpoint.insert('support_tickets', [ticket(3)]);
    await followerAt(endpoint.url).sync();
    const { afterClusterTime, level } = endpoint.latest('find')?.readConcern ?? {};
    expect(level).toBe('majority');
    expect(afterClusterTime.greaterThanOrEqual(endpoint.data.history.at(-1)?.event.clusterTime)).toBe(true);
  });

  test('reads the mirrored fields only, in batches', async () => {
    const tickets = Array.from({ length: 2_500 }, (_, index) => ({ _id: `t${index}`, attachment: 'x', ...ticket(1) }));
    const endpoint = await endpointWith({ collections: { support_tickets: tickets } });
    const sizes: number[] = [];
    const source = mongoFeedAt(endpoint.url);
    closing.push(() => source.close());
    const session = await source.open(AbortSignal.timeout(WITHIN_MS));
    await session.load({ rows: async (_, rows) => void sizes.push(rows.length) }, AbortSignal.timeout(WITHIN_MS));
    expect(sizes).toEqual([1_000, 1_000, 500]);
    expect(Object.keys(endpoint.latest('find')?.projection)).not.toContain('attachment');
    await session.close();
  });
});

test('a read that finds nothing for long shows that it goes on, as long as the server is there', async () => {
  const endpoint = await endpointWith({ collections: { support_tickets: [] } });
  const clock = createVirtualClock(Date.now());
  const source = mongoFeedAt(endpoint.url, {}, { clock });
  closing.push(() => source.close());
  const signal = AbortSignal.timeout(WITHIN_MS);
  const session = await source.open(signal);
  const alive = Promise.withResolvers<void>();
  const release = endpoint.stall('find');
  const loading = session.load({ rows: async (_, { length }) => void (length === 0 && alive.resolve()) }, signal);
  await asked(endpoint, 'find', undefined);
  await clock.advance(4_000);
  await alive.promise;
  release();
  await loading;
  await session.close();
});

test('counts and sums are those of the documents that are kept for good', async () => {
  const support_tickets = [
    { _id: 'ação', createdAt: new Date(1_000) },
    { _id: 7, createdAt: '1970-01-01T00:00:02Z' },
    { _id: '😀', createdAt: 'yesterday' },
  ];
  const endpoint = await endpointWith({ collections: { support_tickets, logs: [log(1)] } });
  const source = mongoFeedAt(endpoint.url);
  closing.push(() => source.close());
  const session = await source.open(AbortSignal.timeout(WITHIN_MS));
  expect(await session.compare?.(AbortSignal.timeout(WITHIN_MS))).toEqual([
    { table: 'support_tickets', rows: 3, sums: { _id: '6', createdAt: '3000' } },
  ]);
  await session.close();
});

describe('the change stream', () => {
  test(
    'is followed through more changes than one poll takes',
    async () => {
      const endpoint = await endpointWith();
      const follower = followerAt(endpoint.url);
      await follower.sync();
      const many = Array.from({ length: 12_000 }, (_, index) => ({ _id: `t${index}`, ...ticket(1) }));
      endpoint.insert('support_tickets', many);
      for (const { _id } of many.slice(0, 3_000)) endpoint.remove('support_tickets', _id);
      await follower.sync();
      expectInStep(follower, endpoint);
      expect(follower.loads).toBe(1);
    },
    WITHIN_MS,
  );

  test('tells of a document that was changed and is gone that it is gone', async () => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    await follower.sync();
    const id = firstId(endpoint);
    endpoint.update('support_tickets', id, { status: 'Closed' });
    endpoint.remove('support_tickets', id);
    await follower.sync();
    expectInStep(follower, endpoint);
  });

  test('tells of a log that became too old, or lost its time, that it is gone', async () => {
    const endpoint = await endpointWith({ collections: { support_tickets: [], logs: [] } });
    const ids = ['recent', 'old', 'none', 'text', 'old text'] as const;
    endpoint.insert(
      'logs',
      ids.map((_id) => ({ _id, ...log(1) })),
    );
    const follower = followerAt(endpoint.url);
    await follower.sync();
    expect(follower.held.rows.get('logs')?.size).toBe(ids.length);
    endpoint.update('logs', 'old', { timestamp: new Date(Date.now() - 26 * HOUR_MS) });
    endpoint.update('logs', 'none', { timestamp: null });
    endpoint.update('logs', 'text', { timestamp: new Date().toISOString() });
    endpoint.update('logs', 'old text', { timestamp: '2020-01-01T00:00:00Z' });
    await follower.sync();
    expect([...(follower.held.rows.get('logs')?.keys() ?? [])]).toEqual(['recent', 'text']);
    const fresh = followerAt(endpoint.url);
    await fresh.sync();
    expect(fresh.held.rows.get('logs')).toEqual(follower.held.rows.get('logs') ?? new Map());
  });

  test.each<[string, (endpoint: MongoEndpoint, held: Held) => void]>([
    ['its history is lost', (endpoint) => endpoint.expireHistory()],
    ['the position is of no stream', (_, held) => Object.assign(held, { position: 'read 1' })],
    ['the position is of another server', (_, held) => Object.assign(held, { position: '{"_data":"8200"}' })],
    ['the database was set back', (endpoint) => endpoint.setBack(1)],
  ])('everything is read again where %s, on a restart', async (_, happen) => {
    const endpoint = await endpointWith();
    const first = followerAt(endpoint.url);
    await first.sync();
    endpoint.insert('support_tickets', [ticket(3)]);
    await first.sync();
    await first.close();
    happen(endpoint, first.held);
    const later = followerAt(endpoint.url, {}, first.held);
    await later.sync();
    expect(later.loads).toBe(1);
    expectInStep(later, endpoint);
    endpoint.insert('support_tickets', [ticket(4)]);
    await later.sync();
    expectInStep(later, endpoint);
  });

  test.each<[string, (endpoint: MongoEndpoint) => void]>([
    ['its history is lost', (endpoint) => endpoint.expireHistory()],
    ['its token is refused', (endpoint) => endpoint.failNext('getMore', refusal(280))],
    ['a change is too large for it', (endpoint) => endpoint.failNext('getMore', refusal(10_334))],
  ])('everything is read again where %s, while it is followed', async (_, happen) => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    await follower.sync();
    happen(endpoint);
    endpoint.insert('support_tickets', [ticket(6)]);
    await follower.sync();
    expect(follower.loads).toBe(2);
    expectInStep(follower, endpoint);
  });

  test('its position moves on without changes, so that it does not grow too old', async () => {
    const endpoint = await endpointWith();
    const clock = createVirtualClock(Date.now());
    const follower = followerAt(endpoint.url, { clock });
    await follower.sync();
    const { position } = follower.held;
    endpoint.insert('elsewhere', [ticket(1)]);
    expect(await follower.poll()).toBe(false);
    expect(follower.held.position).toBe(position);
    await clock.advance(60_000);
    expect(await follower.poll()).toBe(true);
    expect(follower.held.position).not.toBe(position);
  });

  test('changes that were read but not stored are read again', async () => {
    const endpoint = await endpointWith();
    const source = mongoFeedAt(endpoint.url, {}, { awaitMs: 100 });
    closing.push(() => source.close());
    const signal = AbortSignal.timeout(WITHIN_MS);
    const session = await source.open(signal);
    const position = await session.load({ rows: async () => {} }, signal);
    endpoint.insert('support_tickets', [{ _id: 'new', ...ticket(1) }]);
    const full = {
      rows: () => Promise.reject(new Error('The disk is full')),
      deleted: async () => {},
      whole: async () => {},
    };
    await expect(session.poll(position, full, signal, false)).rejects.toThrow('The disk is full');
    const keys: unknown[] = [];
    const sink = {
      ...full,
      rows: async (_: string, rows: readonly (readonly unknown[])[]) => void keys.push(...rows.map(([key]) => key)),
    };
    await session.poll(position, sink, signal, false);
    // Handed over, and not kept either: the feed comes back to the same position.
    await session.poll(position, sink, signal, true);
    expect(keys).toEqual(['new', 'new']);
    await session.close();
  });

  test('is given up at the server', async () => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    await follower.sync();
    expect(endpoint.openCursors).toBe(1);
    await follower.close();
    expect(endpoint.openCursors).toBe(0);
  });

  test('is given up at the server when its source is closed first', async () => {
    const endpoint = await endpointWith();
    const source = mongoFeedAt(endpoint.url);
    await source.open(AbortSignal.timeout(WITHIN_MS));
    expect(endpoint.openCursors).toBe(1);
    await source.close();
    expect(endpoint.openCursors).toBe(0);
  });

  test('that the server does not open soon, since it looks through its history, is not gone on with', async () => {
    const endpoint = await endpointWith();
    const clock = createVirtualClock(Date.now());
    const source = mongoFeedAt(endpoint.url, {}, { clock });
    closing.push(() => source.close());
    const signal = AbortSignal.timeout(WITHIN_MS);
    const session = await source.open(signal);
    const position = await session.load({ rows: async () => {} }, signal);
    const before = endpoint.latest('aggregate');
    const release = endpoint.stall('aggregate', isStream);
    await session.poll(position, nowhere, signal, true);
    await session.close();
    const later = session.canFollow(position, signal);
    await asked(endpoint, 'aggregate', before);
    await clock.advance(8_000);
    expect(await later).toBe(false);
    release();
    await session.close();
  });
});

describe('at intervals', () => {
  test.each<[string, number, string]>([
    ['is stand-alone', 40_573, '--replSet'],
    ['does not know change streams', 40_324, 'opens no change stream (error 40324)'],
    ['does not offer them', 115, 'opens no change stream (error 115)'],
    ['does not let the user', 13, 'the user may not open a change stream'],
  ])('a server that %s is read, and says why', async (_, code, reason) => {
    const endpoint = await endpointWith();
    endpoint.failNext('aggregate', refusal(code));
    const follower = followerAt(endpoint.url);
    await follower.sync();
    expect(follower.session).toMatchObject({ mode: 'interval', reason: expect.stringContaining(reason) });
    endpoint.insert('support_tickets', [ticket(3)]);
    await follower.next();
    expectInStep(follower, endpoint);
  });

  test('views are read, of which no stream tells', async () => {
    const endpoint = await endpointWith();
    endpoint.data.types.set('support_tickets', 'view');
    const follower = followerAt(endpoint.url);
    await follower.sync();
    expect(follower.session).toMatchObject({
      mode: 'interval',
      reason: expect.stringContaining('support_tickets is a view'),
    });
    expectInStep(follower, endpoint);
  });

  test('a stream that is refused while it is followed is replaced, and taken up again', async () => {
    const endpoint = await endpointWith();
    const follower = followerAt(endpoint.url);
    await follower.sync();
    for (const command of ['getMore', 'aggregate']) endpoint.failNext(command, refusal(13), 1);
    endpoint.insert('support_tickets', [ticket(3)]);
    await follower.sync();
    expect(follower.session?.mode).toBe('interval');
    expectInStep(follower, endpoint);
    await follower.session?.close();
    const later = followerAt(endpoint.url, {}, follower.held);
    await later.sync();
    expect(later.session?.mode).toBe('change-stream');
    expectInStep(later, endpoint);
  });

  test('a read is followed by nine times as long without one, unless somebody asks', async () => {
    const endpoint = await endpointWith({ replicaSet: null });
    const clock = createVirtualClock(Date.now());
    const follower = followerAt(endpoint.url, { clock });
    const release = endpoint.stall('find');
    const first = follower.next();
    await asked(endpoint, 'find', undefined);
    await clock.advance(1_000);
    release();
    await first;
    expect(follower.session?.pauseMs).toBe(9_000);
    await clock.advance(8_999);
    expect(await follower.poll()).toBe(false);
    endpoint.insert('support_tickets', [ticket(3)]);
    await follower.sync();
    expectInStep(follower, endpoint);
    expect(follower.session?.pauseMs).toBe(1_000);
    await clock.advance(1_000);
    expect(await follower.poll()).toBe(true);
  });
});

describe('odd documents', () => {
  const values: readonly unknown[] = [
    ...['', 'Open', '31/12/2025', '2026-02-30', true, null, 0, 1.5, -0, new Double(1), Long.MAX_VALUE],
    ...[Number.NaN, Number.POSITIVE_INFINITY, Decimal128.fromString('12.50'), Decimal128.fromString('NaN')],
    ...[new Date(0), new Date(-8.64e15), new ObjectId(), new Binary(Buffer.from('x')), new BSONRegExp('a', 'i')],
    ...[new Code('1'), new Timestamp({ t: 1, i: 2 }), new MinKey(), new MaxKey(), [], ['a'], {}, { status: 'Open' }],
  ];
  const usual = ticket(1);
  const odd = (values: readonly unknown[]) =>
    values.flatMap((value, index) => [
      { _id: `all ${index}`, userId: value, context: value, explanation: value, status: value, createdAt: value },
      ...(Array.isArray(value) ? [] : [{ ...usual, _id: value }]),
    ]);
  const usualLog = log(1);
  const oddLogs = values.map((value, index) => ({
    ...usualLog,
    _id: `log ${index}`,
    level: value,
    source: value,
    message: value,
  }));

  test.each([true, false])('are rows like any other, loaded or told (replica set: %p)', async (isReplicaSet) => {
    const replicaSet = isReplicaSet ? 'rs0' : null;
    const seen: HeldRows[] = [];
    const loaded = await endpointWith({ collections: { support_tickets: odd(values), logs: oddLogs }, replicaSet });
    const told = await endpointWith({ collections: { support_tickets: [], logs: [] }, replicaSet });
    for (const endpoint of [loaded, told]) {
      const follower = followerAt(endpoint.url);
      await follower.sync();
      if (endpoint === told) {
        told.insert('support_tickets', odd(values));
        told.insert('logs', oddLogs);
        await follower.sync();
      }
      expect(foundTables(follower)).toEqual(['logs', 'support_tickets']);
      expectInStep(follower, endpoint);
      seen.push(heldRows(follower.held));
    }
    const [first, second] = seen;
    expect(first).toEqual(second ?? new Map());
    expect(first?.get('logs')?.size).toBe(values.length);
  });
});
