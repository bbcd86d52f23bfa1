import { describe, expect, test } from 'bun:test';
import type { FeedSession, FeedSource } from '../../../../src/core/feeds/feed-source.ts';
import { SessionOutdatedError } from '../../../../src/core/feeds/feed-source.ts';
import type { FeedHandlers } from '../../../../src/core/feeds/folder/feed-messages.ts';
import { createRemoteFeed } from '../../../../src/core/feeds/folder/remote-feed.ts';
import { feedHandlers } from '../../../../src/core/feeds/folder/serve-feeds.ts';
import { EXACT_KEYS } from '../../../../src/core/mirror/catalog.ts';
import { SourceError } from '../../../../src/core/runtime/source-errors.ts';
import { connectCalls, serveCalls, type WorkerHandle, type WorkerPort } from '../../../../src/core/threads/calls.ts';
import { emptyDatabase } from '../../../support/company-database.ts';
import { folderSqlSource, memoryDocumentSource } from '../../../support/folder-sources.ts';
import { collectRows, follow } from '../../../support/row-collector.ts';

const SIGNAL = new AbortController().signal;

/** Both ends of a Worker in one thread: every message is cloned, as between two. */
async function remote(sql: FeedSource) {
  const handle: WorkerHandle = {
    onmessage: null,
    onerror: null,
    postMessage(data) {
      const copy = structuredClone(data);
      setImmediate(() => port.onmessage?.(new MessageEvent('message', { data: copy })));
    },
    terminate: () => {},
  };
  const port: WorkerPort = {
    onmessage: null,
    postMessage(data) {
      const copy = structuredClone(data);
      setImmediate(() => handle.onmessage?.(new MessageEvent('message', { data: copy })));
    },
  };
  const connecting = connectCalls<FeedHandlers>(handle, { name: 'The test' });
  serveCalls(port, feedHandlers({ sql, documents: memoryDocumentSource({}).source }));
  const calls = await connecting;
  let closed = 0;
  const source = createRemoteFeed({
    name: 'sql',
    description: 'remote',
    calls,
    onClose: () => {
      closed += 1;
    },
  });
  return { source, calls, closed: () => closed };
}

/** A source with one session that the test controls. */
function sourceWith(session: Partial<FeedSession>): FeedSource {
  const rest = { mode: 'watch', reason: 'why', catalog: { keys: EXACT_KEYS, columns: {} }, pauseMs: 7 } as const;
  const idle = { canFollow: async () => false, load: async () => '', poll: async () => null, close: async () => {} };
  return {
    name: 'sql',
    description: '',
    open: async () => ({ ...rest, ...idle, ...session }),
    close: async () => {},
  };
}

describe('a feed in a Worker', () => {
  test('hands over what the one behind it does', async () => {
    const database = emptyDatabase();
    const { source: behind, write } = folderSqlSource(database);
    await write(
      ...Array.from({ length: 5_000 }, (_, index) => `insert into Courses values (${index}, 'p', 'n', 'd', 1)`),
    );
    const { source } = await remote(behind);
    const { session, collected, poll } = await follow(source);
    expect(session).toMatchObject({ mode: 'told', reason: null, pauseMs: 0 });
    expect(collected.rows('Courses')).toHaveLength(5_000);
    await write('delete from Courses where Id > 9', "update Courses set Name = 'm' where Id = 9");
    expect(await poll(true)).toBe(true);
    expect(collected.rows('Courses')).toHaveLength(10);
    expect(await poll(true)).toBe(false);
    expect(await session.compare?.(SIGNAL)).toContainEqual({
      table: 'Courses',
      rows: 10,
      sums: { Id: '45', IsActive: '10' },
    });
  });

  test('tells errors apart as the one behind it does', async () => {
    const { source } = await remote(
      sourceWith({
        load: () => Promise.reject(new SessionOutdatedError('a column came', true)),
        poll: () => Promise.reject(new SourceError('greg.sqlite is locked by another program')),
      }),
    );
    const session = await source.open(SIGNAL);
    const { sink } = collectRows();
    await expect(session.load(sink, SIGNAL)).rejects.toMatchObject({ reload: true, message: 'a column came' });
    await expect(session.load(sink, SIGNAL)).rejects.toBeInstanceOf(SessionOutdatedError);
    await expect(session.poll('', sink, SIGNAL, false)).rejects.toBeInstanceOf(SourceError);
  });

  test('is stopped by a signal, however long the one behind it takes', async () => {
    const stopped = Promise.withResolvers<void>();
    const { source } = await remote(
      sourceWith({
        poll: (_position, _sink, signal) => {
          signal.addEventListener('abort', () => stopped.resolve());
          return new Promise(() => {});
        },
      }),
    );
    const session = await source.open(SIGNAL);
    const abort = new AbortController();
    const polling = session.poll('', collectRows().sink, abort.signal, false);
    setTimeout(() => abort.abort(), 5);
    await expect(polling).rejects.toMatchObject({ name: 'SourceTimeoutError' });
    await stopped.promise;
  });

  test('stops reading when the sink fails, with its error', async () => {
    const given: number[] = [];
    const stopped = Promise.withResolvers<void>();
    const { source } = await remote(
      sourceWith({
        async load(sink, signal) {
          for (let row = 0; !signal.aborted; row++) {
            given.push(row);
            await sink.rows('Courses', [[row]]);
          }
          stopped.resolve();
          return '';
        },
      }),
    );
    const session = await source.open(SIGNAL);
    const failing = { rows: () => Promise.reject(new SourceError('the disk is full')) };
    await expect(session.load(failing, SIGNAL)).rejects.toThrow('the disk is full');
    await stopped.promise;
    // No further ahead than a part or two.
    expect(given.length).toBeLessThan(6);
  });

  test('is closed once, and its session too', async () => {
    let sessions = 0;
    const { source, closed } = await remote(
      sourceWith({
        close: async () => {
          sessions += 1;
        },
      }),
    );
    const session = await source.open(SIGNAL);
    await session.close();
    await source.close();
    await source.close();
    expect([sessions, closed()]).toEqual([1, 1]);
    await expect(session.load(collectRows().sink, SIGNAL)).rejects.toThrow('The session is closed');
  });
});
