import { afterEach, describe, expect, test } from 'bun:test';
import type { ChangeDetection } from '../../../../../src/core/sources/changes/change-detection.ts';
import { type MongoServer, onEveryMongoServer } from '../../../../support/mongo-servers.ts';
import { startTcpProxy, type TcpProxy } from '../../../../support/tcp-proxy.ts';
import { collections, figuresOf, figuresOfDocuments, openSource, ticket } from './opened-source.ts';

const WITHIN_MS = 60_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
}, WITHIN_MS);

function sourceAt(server: MongoServer, { port, kept }: SourceThrough = {}) {
  const opened = openSource(server.url(port), { database: server.database, ...(kept === undefined ? {} : { kept }) });
  closing.push(() => opened.source.close());
  return opened;
}

interface SourceThrough {
  readonly port?: number;
  readonly kept?: Map<string, string>;
}

const expected = async (server: MongoServer) => figuresOfDocuments(await server.documents());

await onEveryMongoServer(({ isReplicaSet, open }) => {
  const serve = async () => {
    const server = await open(collections());
    closing.push(() => server.close());
    return server;
  };

  describe('reading', () => {
    test(
      'gives the figures of the embedded engine',
      async () => {
        const server = await serve();
        const { source } = sourceAt(server);
        expect(await figuresOf(source)).toEqual(await expected(server));
        expect(source.description).toMatch(new RegExp(`^MongoDB .+/${server.database}$`));
      },
      WITHIN_MS,
    );

    test(
      'without the logs collection has no logs, and without tickets fails by that name',
      async () => {
        const server = await serve();
        const { source } = sourceAt(server);
        await server.drop('logs');
        expect((await figuresOf(source)).logs).toBeNull();
        await server.drop('support_tickets');
        await expect(figuresOf(source)).rejects.toThrow('support_tickets');
      },
      WITHIN_MS,
    );

    test.each(['refused', 'silent', 'garbled'])(
      'fails while its connections are %s, and is right again after',
      async (fault) => {
        const server = await serve();
        const proxy = await startTcpProxy(server.address);
        closing.push(() => proxy.close());
        const { source } = sourceAt(server, { port: proxy.port });
        await figuresOf(source);
        const mend = breakIt(fault, proxy, server);
        await expect(figuresOf(source)).rejects.toMatchObject({
          name: expect.stringMatching(/^Source(Timeout)?Error$/),
        });
        await server.insert('support_tickets', [ticket(3)]);
        mend();
        proxy.cut();
        expect(await figuresOf(source)).toEqual(await expected(server));
      },
      WITHIN_MS,
    );
  });

  describe('changes', () => {
    test(
      'are noticed in the way that the server allows, and the read after one has it',
      async () => {
        const server = await serve();
        const { source, detections, follow } = sourceAt(server);
        const changes = await follow();
        const stream: ChangeDetection = { mode: 'change-stream', reason: null };
        const interval: ChangeDetection = { mode: 'interval', reason: expect.any(String) };
        expect(detections).toEqual([isReplicaSet ? stream : interval]);
        await server.insert('elsewhere', [ticket(1)]);
        await server.insert('support_tickets', [ticket(3)]);
        expect(await changes.about('support_tickets')).toEqual(isReplicaSet ? new Set(['support_tickets']) : 'all');
        expect(await figuresOf(source)).toEqual(await expected(server));
        await server.drop('logs');
        await changes.about('logs');
        await server.dropDatabase();
        await changes.everything();
        await server.insert('support_tickets', [ticket(6)]);
        await changes.about('support_tickets');
        expect(await figuresOf(source)).toEqual(await expected(server));
      },
      WITHIN_MS,
    );

    // A stand-alone server has no change stream to go on with.
    if (!isReplicaSet) return;

    test(
      'that happened while we were away are told on the next start',
      async () => {
        const server = await serve();
        const kept = new Map<string, string>();
        const first = sourceAt(server, { kept });
        const changes = await first.follow();
        await server.insert('logs', [{ level: 'Error' }]);
        await changes.about('logs');
        changes.stop();
        await first.source.close();
        await server.insert('support_tickets', [ticket(4)]);
        const later = await sourceAt(server, { kept }).follow();
        expect(await later.about('support_tickets')).toEqual(new Set(['support_tickets']));
        later.stop();
      },
      WITHIN_MS,
    );

    test.each<'killCursors' | 'stepDown'>(['killCursors', 'stepDown'])(
      'are told on after %s',
      async (happen) => {
        const server = await serve();
        const { source, follow } = sourceAt(server);
        const changes = await follow();
        await server[happen]();
        await server.insert('support_tickets', [ticket(5)]);
        await changes.about('support_tickets');
        expect(await figuresOf(source)).toEqual(await expected(server));
      },
      WITHIN_MS,
    );
  });
});

function breakIt(fault: string, proxy: TcpProxy, server: MongoServer): () => void {
  if (fault === 'silent') return proxy.stall();
  if (fault === 'garbled') return proxy.garble();
  proxy.forwardTo(null);
  proxy.cut();
  return () => proxy.forwardTo(server.address);
}
