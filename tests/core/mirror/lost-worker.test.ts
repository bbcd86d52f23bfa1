import { afterEach, expect, test } from 'bun:test';
import { join } from 'node:path';
import { createFeed, type Feed } from '../../../src/core/feeds/feed.ts';
import type { Mirror } from '../../../src/core/mirror/mirror.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { financial } from '../../../src/features/financial/index.ts';
import { openMirror } from '../../../src/open-mirror.ts';
import { mirroredBy } from '../../oracle/mirrored.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { scriptSource } from '../feeds/scripted-source.ts';

const folder = temporaryFolders();
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const CRASHING = new URL('./crashing-worker.ts', import.meta.url);
const endings = {
  terminated: (worker: Worker | undefined) => worker?.terminate(),
  crashed() {
    const channel = new BroadcastChannel('crash');
    channel.postMessage(null);
    channel.close();
  },
};

async function run(directory: string | null, program?: URL) {
  const workers: Worker[] = [];
  const notices: string[] = [];
  const losses: unknown[] = [];
  const mirror = await openMirror({
    timeZone: 'UTC',
    storage: directory === null ? 'memory' : 'disk',
    directory,
    onNotice: (text) => void notices.push(text),
    onLost: (error) => void losses.push(error),
    createWorker(url, argv) {
      const worker = new Worker(program ?? url, { argv });
      workers.push(worker);
      return worker;
    },
  });
  closing.push(() => mirror.close());
  const tables = mirroredBy([financial], 'sql');
  const source = scriptSource(systemClock);
  source.found = {
    catalog: {
      keys: { ignoresCase: false, ignoresAccents: false, ignoresTrailingBlanks: false },
      columns: Object.fromEntries(tables.map(({ table, columns }) => [table.name, columns])),
    },
    pauseMs: 20,
  };
  const columns = tables.find(({ table }) => table.name === 'Payments')?.columns ?? [];
  source.put(...['a', 'b'].map((id) => columns.map((column) => (column === 'Id' ? id : 'approved'))));
  const feed = createFeed({
    source,
    mirror: mirror.writer('sql', tables),
    clock: systemClock,
    random: Math.random,
    timings: { backOffMs: 50, backOffMaxMs: 100 },
    onError: (error) => void losses.push(error),
  });
  closing.push(() => feed.stop());
  feed.start();
  await until(() => feed.status().activity === 'following' && feed.status().lastSync !== null);
  return { mirror, source, feed, workers, notices, losses };
}

const figures = async (mirror: Mirror) => {
  const loaded = await mirror.figures(financial, Date.now(), null);
  return loaded?.content().data.payments.TotalPayments;
};
const failureOf = (feed: Feed) => feed.status().failing;

test('a Worker that ends is started again, and its feed loads it by itself, though nothing moves', async () => {
  const { mirror, source, feed, workers, losses } = await run(null);
  expect(await figures(mirror)).toBe(2);
  const failures: unknown[] = [];
  feed.statusChanges.subscribe(({ failing }) => void failures.push(failing));
  workers[0]?.terminate();
  const refused = await figures(mirror).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(SourceError);
  await until(() => failureOf(feed) !== null || source.began.load.length === 2);
  await until(
    () => failureOf(feed) === null && source.began.load.length === 2 && feed.status().activity === 'following',
  );
  expect(await figures(mirror)).toBe(2);
  expect(workers).toHaveLength(2);
  expect(losses.map(String)).toEqual(['SourceError: The mirror stopped']);
}, 120_000);

test.each(['terminated', 'crashed'] as const)(
  'one that is kept on disk and %s goes on from its position, in the same file',
  async (how) => {
    const directory = folder();
    const { mirror, source, feed, workers, notices } = await run(directory, CRASHING);
    endings[how](workers[0]);
    await until(() => workers.length === 2);
    await until(async () => (await figures(mirror).catch(() => null)) === 2);
    await until(() => failureOf(feed) === null);
    expect(source.began.load).toHaveLength(1);
    expect(notices).toEqual([]);
    expect(await Bun.file(join(directory, 'mirror-sql.sqlite')).exists()).toBe(true);
  },
  120_000,
);

test('a second server on the same folder keeps its mirror in memory, and says so', async () => {
  const directory = folder();
  await run(directory);
  const second = await run(directory);
  expect(second.notices).toEqual([
    'The mirror of sql is kept in memory: Another process keeps its mirror there',
    'The mirror of documents is kept in memory: Another process keeps its mirror there',
  ]);
  expect(await figures(second.mirror)).toBe(2);
}, 120_000);
