import { afterEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ObjectId } from 'mongodb';
import { mongoFeedAt } from '../../../support/mongo-feed.ts';
import { type MongoServer, onEveryMongoServer } from '../../../support/mongo-servers.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import { documents, expectedRows, heldRows, log, ticket } from './expected-rows.ts';
import { type Follower, follow, foundTables, type Held } from './follower.ts';

const WITHIN_MS = 60_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
}, WITHIN_MS);

function followerAt(server: MongoServer, port?: number, held?: Held): Follower {
  const follower = follow(mongoFeedAt(server.url(port), { database: server.database }), held);
  closing.push(() => follower.close());
  return follower;
}

async function expectInStep({ held }: Follower, server: MongoServer): Promise<void> {
  expect(heldRows(held)).toEqual(await expectedRows(server));
}

const change = fc.record({
  kind: fc.constantFrom('insert', 'update', 'replace', 'remove'),
  collection: fc.constantFrom('support_tickets', 'logs'),
  document: fc.nat({ max: 9 }),
  text: fc.string({ maxLength: 5 }),
  hoursAgo: fc.constantFrom(0, 2, 24, 26, 100),
});

/** Keys that are made of a small number, so that changes meet. */
const idOf = (number: number) => new ObjectId(number.toString(16).padStart(24, '0'));

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

async function happen(server: MongoServer, { kind, collection, document, text, hoursAgo }: Change): Promise<void> {
  const _id = idOf(document);
  const isThere = async () => (await server.documents())[collection]?.some((held) => _id.equals(held._id)) === true;
  const fields = collection === 'logs' ? { ...log(hoursAgo), message: text } : { ...ticket(hoursAgo), context: text };
  if (kind === 'update')
    await server.update(collection, _id, collection === 'logs' ? { message: text } : { context: text });
  else if (kind === 'replace') await server.replace(collection, _id, fields);
  else if (kind === 'remove') await server.remove(collection, _id);
  else if (!(await isThere())) await server.insert(collection, [{ _id, ...fields }]);
}

await onEveryMongoServer(({ isReplicaSet, open }) => {
  const serve = async () => {
    const server = await open(documents());
    closing.push(() => server.close());
    return server;
  };

  test(
    'a session says what is there and how it is followed',
    async () => {
      const server = await serve();
      const follower = followerAt(server);
      await follower.sync();
      expect(follower.session).toMatchObject(
        isReplicaSet
          ? { mode: 'change-stream', reason: null, pauseMs: 0 }
          : { mode: 'interval', reason: expect.stringContaining('--replSet') },
      );
      expect(foundTables(follower)).toEqual(['logs', 'support_tickets']);
      await expectInStep(follower, server);
    },
    WITHIN_MS,
  );

  test(
    'after any changes and restarts the rows are those of the documents',
    async () => {
      const batch = fc.record({ isRestarted: fc.boolean(), changes: fc.array(change, { maxLength: 8 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { maxLength: 4 }), async (batches) => {
          const server = await open(documents());
          const begin = (held?: Held) =>
            follow(mongoFeedAt(server.url(), { database: server.database }, { awaitMs: 50 }), held);
          let follower = begin();
          try {
            await follower.sync();
            expect(follower.loads).toBe(1);
            for (const { isRestarted, changes } of batches) {
              if (isRestarted) {
                await follower.close();
                follower = begin(follower.held);
              }
              const { loads } = follower;
              for (const each of changes) await happen(server, each);
              await follower.sync();
              await expectInStep(follower, server);
              expect(follower.loads).toBe(loads);
            }
          } finally {
            await follower.close();
            await server.close();
          }
        }),
        { numRuns: 25 },
      );
    },
    WITHIN_MS,
  );

  test(
    'changes come by themselves',
    async () => {
      const server = await serve();
      const follower = followerAt(server);
      await follower.next();
      await server.insert('elsewhere', [ticket(1)]);
      await server.insert('support_tickets', [ticket(3)]);
      await follower.next();
      await expectInStep(follower, server);
    },
    WITHIN_MS,
  );

  test(
    'collections that go, come or are renamed are found out',
    async () => {
      const server = await serve();
      const follower = followerAt(server);
      await follower.sync();
      await server.drop('logs');
      await follower.sync();
      expect(foundTables(follower)).toEqual(['support_tickets']);
      await server.rename('support_tickets', 'elsewhere');
      await follower.sync();
      expect(foundTables(follower)).toEqual([]);
      await server.rename('elsewhere', 'support_tickets');
      await server.insert('logs', [log(1)]);
      await follower.sync();
      expect(foundTables(follower)).toEqual(['logs', 'support_tickets']);
      await expectInStep(follower, server);
      await server.dropDatabase();
      await server.insert('support_tickets', [ticket(6)]);
      await follower.sync();
      await expectInStep(follower, server);
    },
    WITHIN_MS,
  );

  test(
    'what happened while nobody followed is caught up with',
    async () => {
      const server = await serve();
      const first = followerAt(server);
      await first.sync();
      await first.close();
      await server.insert('support_tickets', [ticket(4)]);
      const later = followerAt(server, undefined, first.held);
      await later.sync();
      expect(later.loads).toBe(0);
      await expectInStep(later, server);
    },
    WITHIN_MS,
  );

  describe.each(['refused', 'silent', 'garbled', 'slow'])('while its connections are %s', (fault) => {
    test(
      'it fails in words, and is right again after',
      async () => {
        const server = await serve();
        const proxy = await startTcpProxy(server.address);
        closing.push(() => proxy.close());
        const follower = followerAt(server, proxy.port);
        await follower.sync();
        const mend = breakIt(fault, proxy, server);
        const signal = AbortSignal.timeout(5_000);
        const failure: unknown = await untilFailure(() => follower.poll(signal));
        expect(failure).toMatchObject({ name: expect.stringMatching(/^Source(Timeout)?Error$/) });
        await server.insert('support_tickets', [ticket(3)]);
        mend();
        await follower.sync();
        expect(follower.loads).toBe(1);
        await expectInStep(follower, server);
      },
      WITHIN_MS,
    );
  });

  test(
    'a connection that is cut is not even noticed',
    async () => {
      const server = await serve();
      const proxy = await startTcpProxy(server.address);
      closing.push(() => proxy.close());
      const follower = followerAt(server, proxy.port);
      await follower.sync();
      for (const number of [3, 4, 5]) {
        proxy.cut();
        await server.insert('support_tickets', [ticket(number)]);
        await follower.sync();
        await expectInStep(follower, server);
      }
      expect(follower.loads).toBe(1);
    },
    WITHIN_MS,
  );

  test.each<'killCursors' | 'stepDown'>(['killCursors', 'stepDown'])(
    'it goes on after %s',
    async (happens) => {
      const server = await serve();
      const follower = followerAt(server);
      await follower.sync();
      await server[happens]();
      await server.insert('support_tickets', [ticket(5)]);
      await follower.sync();
      expect(follower.loads).toBe(1);
      await expectInStep(follower, server);
    },
    WITHIN_MS,
  );
});

async function untilFailure(poll: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await poll();
    } catch (error) {
      return error;
    }
  }
}

function breakIt(fault: string, proxy: TcpProxy, server: MongoServer): () => void {
  if (fault === 'silent') return proxy.stall();
  if (fault === 'garbled') return proxy.garble();
  if (fault === 'slow') return proxy.slowDown(1);
  proxy.forwardTo(null);
  proxy.cut();
  return () => proxy.forwardTo(server.address);
}
