import { afterEach, describe, expect, test } from 'bun:test';
import { createFeed } from '../../src/core/feeds/feed.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { SourceError } from '../../src/core/runtime/source-errors.ts';
import { type DemoOptions, openDemo } from '../../src/demo/open.ts';
import { financial } from '../../src/features/financial/index.ts';
import { support } from '../../src/features/support/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { everyDocumentField, everySqlColumn } from '../support/folder-sources.ts';
import { localMirror } from '../support/local-sources.ts';
import { follow } from '../support/row-collector.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const CRASHING = new URL('./crashing-worker.ts', import.meta.url);
const temporaryFolder = temporaryFolders();
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: Partial<DemoOptions> = {}) {
  const losses: unknown[] = [];
  let refused = 0;
  const demo = await openDemo({
    ...{ directory: null, cacheDirectory: null, seed: 1, scale: 0.02, rate: 50, clock: systemClock },
    tables: { sql: everySqlColumn, documents: everyDocumentField },
    onProgress: () => {},
    onError: (error) => losses.push(error),
    createWorker(_url, argv) {
      if (refused-- > 0) throw new SourceError('No Worker can be made');
      return new Worker(CRASHING, { argv });
    },
    ...options,
  });
  closing.push(() => Promise.all([demo.sources.sql.close(), demo.sources.documents.close()]));
  return {
    ...demo,
    losses,
    /** @param attempts to start the next Worker that fail */
    crash(attempts = 0) {
      refused = attempts;
      const channel = new BroadcastChannel('crash the demo');
      channel.postMessage(null);
      channel.close();
    },
  };
}

describe('a Worker of the demo that ends by itself', () => {
  test('is started again: both feeds fail meanwhile, then load the company and follow it by themselves', async () => {
    const { sources, company, losses, crash } = await open();
    const mirror = localMirror();
    const feeds = [
      { source: sources.sql, tables: mirroredBy([financial], 'sql') },
      { source: sources.documents, tables: mirroredBy([support], 'documents') },
    ].map(({ source, tables }) =>
      createFeed({
        ...{ source, mirror: mirror.writer(source.name, tables), clock: systemClock, random: Math.random },
        timings: { backOffMs: 20, backOffMaxMs: 40 },
        onError: (error) => losses.push(error),
      }),
    );
    closing.push(() => Promise.all(feeds.map((feed) => feed.stop())));
    for (const feed of feeds) feed.start();
    company.start();
    const areFollowing = () => feeds.every((feed) => feed.status().activity === 'following');
    await until(areFollowing);
    crash(2);
    await until(() => feeds.every((feed) => feed.status().failing !== null));
    await until(() => feeds.every((feed) => feed.status().failing === null) && areFollowing());
    let moved = 0;
    for (const feed of feeds) feed.changes.subscribe(() => moved++);
    await until(() => moved > 3);
    expect(losses.map(String)).toEqual([
      'SourceError: The demo stopped',
      'SourceError: No Worker can be made',
      'SourceError: No Worker can be made',
    ]);
  }, 120_000);

  test('leaves a session of nothing but itself: that of one source is not taken for that of another', async () => {
    const { sources, losses, crash } = await open({ rate: 0 });
    const documents = await follow(sources.documents);
    crash();
    await until(() => losses.length > 0);
    const sql = await untilOpened(() => follow(sources.sql));
    expect(sql.collected.rows('Payments')).toHaveLength(1_200);
    const outcome = await documents.poll().catch((error: unknown) => error);
    expect(outcome).toEqual(new SourceError('The session is closed'));
  }, 120_000);

  test('goes on with a folder as it is', async () => {
    const directory = temporaryFolder();
    const { sources, company, losses, crash } = await open({ directory });
    company.start();
    const before = await follow(sources.sql);
    await before.moved();
    company.stop();
    crash();
    await until(() => losses.length > 0);
    const after = await untilOpened(() => follow(sources.sql));
    expect(after.collected.rows('Payments').length).toBeGreaterThanOrEqual(before.collected.rows('Payments').length);
    expect(losses).toHaveLength(1);
  }, 120_000);
});

async function untilOpened<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      await Bun.sleep(5);
    }
  }
}
