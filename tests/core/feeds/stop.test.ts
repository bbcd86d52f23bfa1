import { expect, test } from 'bun:test';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { type RunningFeed, type RunningFeedOptions, runFeed } from './running-feed.ts';
import { payment } from './scripted-source.ts';

const never = () => new Promise<never>(() => {});
const lost = () => Promise.reject(new SourceError('gone'));

/** Where a feed is when it is stopped, some of it deaf to every signal. */
const moments: Record<string, { options?: RunningFeedOptions; begin(running: RunningFeed): Promise<void> }> = {
  'before it was started': { begin: async () => {} },
  'while its source is opened': {
    async begin({ source, feed, clock }) {
      source.always.open = never;
      feed.start();
      await clock.settle();
    },
  },
  'while it loads': {
    async begin({ source, feed, clock }) {
      source.once.load.push(async (_usual, sink) => {
        await sink.rows('Payments', [payment('half')]);
        return never();
      });
      feed.start();
      await clock.settle();
    },
  },
  'while a load is committed': {
    options: { mirror: () => ({ commit: never }) },
    async begin({ feed, clock }) {
      feed.start();
      await clock.settle();
    },
  },
  'while it asks whether it can follow': {
    async begin({ source, feed, clock }) {
      feed.start();
      await clock.settle();
      source.once.poll.push(lost);
      source.once.canFollow.push(never);
      await clock.advance(1_000);
    },
  },
  'while it polls': {
    async begin({ source, feed, clock }) {
      source.once.poll.push(never);
      feed.start();
      await clock.settle();
    },
  },
  'while it waits': {
    async begin({ feed, clock }) {
      feed.start();
      await clock.advance(10_500);
    },
  },
  'while somebody waits for a sync': {
    async begin({ feed, clock }) {
      feed.start();
      await clock.advance(100);
      feed.sync().catch(() => {});
      feed.compare().catch(() => {});
    },
  },
  'while it backs off': {
    async begin({ source, feed, clock }) {
      source.always.open = lost;
      feed.start();
      await clock.advance(60_000);
    },
  },
  'while its session does not close': {
    async begin({ source, feed, clock }) {
      source.once.open.push(async (usual, signal) => ({ ...(await usual(signal)), close: never }));
      feed.start();
      await clock.settle();
    },
  },
  'while its source does not close': {
    async begin({ source, feed, clock }) {
      source.close = never;
      feed.start();
      await clock.settle();
    },
  },
  'while its mirror does not answer': {
    options: { mirror: () => ({ state: never, rollback: never }) },
    async begin({ feed, clock }) {
      feed.start();
      await clock.settle();
    },
  },
};

test.each(Object.entries(moments))(
  'a feed that is stopped %s ends within two seconds, and nothing is left',
  async (_, { options, begin }) => {
    const running = runFeed(options);
    const { feed, clock, source } = running;
    source.put(payment('a'));
    await begin(running);
    let stoppedAt: number | undefined;
    const from = clock.elapsed();
    const stopped = feed.stop().then(() => {
      stoppedAt = clock.elapsed();
    });
    await clock.advance(2_000);
    expect(stoppedAt).toBeDefined();
    await stopped;
    expect((stoppedAt ?? from) - from).toBeLessThanOrEqual(2_000);
    expect(running.completed).toEqual({ changes: true, statuses: true });
    expect(feed.status().activity).toBe('stopped');
    const attempts = Object.values(source.began).flat().length;
    await clock.advance(60_000);
    expect(clock.waiting).toBe(0);
    expect(Object.values(source.began).flat()).toHaveLength(attempts);
    expect(feed.status().activity).toBe('stopped');
    expect(running.errors).toEqual([]);
  },
);

test('a feed that is stopped in the middle leaves the mirror as it was, for the next one', async () => {
  const first = runFeed();
  first.source.put(payment('a'));
  first.feed.start();
  await first.clock.settle();
  first.source.put(payment('b'));
  first.source.once.poll.push(async (_usual, _position, sink) => {
    await sink.whole('Payments');
    return never();
  });
  await first.clock.advance(1_000);
  await first[Symbol.asyncDispose]();
  expect(first.opened.mirror.state()?.position).toBe('1');

  await using second = runFeed({ clock: first.clock, source: first.source, opened: first.opened });
  second.feed.start();
  await second.clock.settle();
  expect(second.source.began.load).toHaveLength(1);
  const [mirror, expected] = await second.compare();
  expect(mirror).toEqual(expected);
});
