import { afterEach, describe, expect, test } from 'bun:test';
import type { Timestamp } from 'mongodb';
import { SourceTimeoutError } from '../../../../../src/core/sources/source-errors.ts';
import { support } from '../../../../../src/features/support/index.ts';
import { noTables } from '../../../../oracle/agreement.ts';
import { type MongoEndpoint, startMongoEndpoint } from '../../../../support/mongo-endpoint/endpoint.ts';
import { collections, figuresOf, figuresOfDocuments, NOW, openSource, ticket } from './opened-source.ts';

const WITHIN_MS = 30_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function endpointWith(options: Parameters<typeof startMongoEndpoint>[0] = {}): Promise<MongoEndpoint> {
  const endpoint = await startMongoEndpoint({ collections: collections(), ...options });
  closing.push(() => endpoint.close());
  return endpoint;
}

function sourceAt(connectionString: string) {
  const opened = openSource(connectionString);
  closing.push(() => opened.source.close());
  return opened;
}

const expected = ({ data }: MongoEndpoint) => figuresOfDocuments(Object.fromEntries(data.collections));
const refusal = (code: number) => ({ code, codeName: 'Code', message: 'secret of a row' });

test('a connection string that cannot be read is told, without a word of it', () => {
  expect(() => sourceAt('mongodb://user:hunter2@')).toThrow(/connection string cannot be/);
  expect(() => sourceAt('mongodb://user:hunter2@')).not.toThrow(/hunter2/);
});

describe('when MongoDB has a bad day', () => {
  test.each([
    ['authentication fails', 'aggregate', refusal(18), 'SourceError', /authentication failed/],
    ['the user may not read', 'aggregate', refusal(13), 'QueryRefusedError', /may not read/],
    ['a query takes too long', 'aggregate', refusal(50), 'SourceTimeoutError', /did not answer in time/],
    ['a query is refused', 'aggregate', refusal(2), 'QueryRefusedError', /refused the query \(error 2\)/],
  ])('%s: the read says so, and the next one is right', async (_, command, error, name, told) => {
    const endpoint = await endpointWith();
    const { source } = sourceAt(endpoint.url);
    endpoint.failNext(command, error, 2);
    const failure: unknown = await figuresOf(source).catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ name, message: expect.stringMatching(told) });
    expect(String(failure)).not.toContain('secret');
    endpoint.failNext(command, error, 0);
    expect(await figuresOf(source)).toEqual(await expected(endpoint));
  });

  test('it is killed and started again: no restart of ours', async () => {
    const endpoint = await startMongoEndpoint({ collections: collections() });
    const { source } = sourceAt(endpoint.url);
    await figuresOf(source);
    await endpoint.close();
    await expect(figuresOf(source)).rejects.toMatchObject({ name: 'SourceError' });
    const again = await endpointWith({ port: endpoint.port, data: endpoint.data });
    again.insert('support_tickets', [ticket(3)]);
    expect(await figuresOf(source)).toEqual(await expected(again));
  });

  test('its name is not known: that is told', async () => {
    const { source } = sourceAt('mongodb://database.invalid:27017/');
    await expect(figuresOf(source)).rejects.toThrow(
      /^MongoDB database\.invalid:27017\/MeuCrudSupportDb (cannot be found|does not answer)/,
    );
  });

  test('a read that nobody waits for any more ends at once', async () => {
    const endpoint = await endpointWith();
    const { source } = sourceAt(endpoint.url);
    await figuresOf(source);
    const release = endpoint.stall('aggregate');
    const abort = new AbortController();
    const reading = support.load({ sql: noTables, documents: source }, NOW, abort.signal);
    abort.abort();
    await expect(reading).rejects.toBeInstanceOf(SourceTimeoutError);
    release();
    expect(await figuresOf(source)).toEqual(await expected(endpoint));
  });
});

describe('the change stream', () => {
  test(
    'is open before anything is read, so that no change falls between the two',
    async () => {
      const endpoint = await endpointWith();
      const { source, detections } = sourceAt(endpoint.url);
      const release = endpoint.stall('aggregate', ({ pipeline }) => '$changeStream' in pipeline[0]);
      const subscription = source.changes.subscribe();
      const reading = figuresOf(source);
      const first = await Promise.race([reading.then(() => 'read'), Bun.sleep(300).then(() => 'waited')]);
      expect(first).toBe('waited');
      expect(detections).toEqual([]);
      release();
      expect(await reading).toEqual(await expected(endpoint));
      expect(detections).toEqual([{ mode: 'change-stream', reason: null }]);
      subscription.unsubscribe();
    },
    WITHIN_MS,
  );

  test(
    'a read after a change waits for it, however far behind the server is that answers',
    async () => {
      const endpoint = await endpointWith();
      const { source, follow } = sourceAt(endpoint.url);
      const changes = await follow();
      endpoint.fallBehind();
      endpoint.insert('support_tickets', [ticket(3)]);
      await changes.next();
      const clusterTime: Timestamp = endpoint.data.history.at(-1)?.event.clusterTime;
      await figuresOf(source);
      const { afterClusterTime } = endpoint.latest('aggregate')?.readConcern ?? {};
      expect(afterClusterTime.greaterThanOrEqual(clusterTime)).toBe(true);
    },
    WITHIN_MS,
  );

  test(
    'takes everything to have changed when its history is lost, and goes on',
    async () => {
      const endpoint = await endpointWith();
      const changes = await sourceAt(endpoint.url).follow();
      endpoint.expireHistory();
      await changes.everything();
      endpoint.insert('support_tickets', [ticket(6)]);
      await changes.about('support_tickets');
    },
    WITHIN_MS,
  );

  test.each<[string, number, string]>([
    ['is stand-alone', 40_573, '--replSet'],
    ['does not know them', 40_324, 'opens no change stream (error 40324)'],
    ['does not offer them', 115, 'opens no change stream (error 115)'],
    ['does not let the user', 13, 'the user may not open a change stream'],
  ])(
    'of a server that %s is none: read at intervals, and why is told',
    async (_, code, reason) => {
      const endpoint = await endpointWith();
      endpoint.failNext('aggregate', refusal(code));
      const { detections, follow } = sourceAt(endpoint.url);
      const changes = await follow();
      expect(detections).toEqual([{ mode: 'interval', reason: expect.stringContaining(reason) }]);
      expect(await changes.next()).toBe('all');
    },
    WITHIN_MS,
  );

  test.each([18, 11_600, 189, 91])(
    'is tried for again after what passes (error %d)',
    async (code) => {
      const endpoint = await endpointWith();
      endpoint.failNext('aggregate', refusal(code), 2);
      const { detections, follow } = sourceAt(endpoint.url);
      await follow();
      expect(detections).toEqual([{ mode: 'change-stream', reason: null }]);
    },
    WITHIN_MS,
  );
});
