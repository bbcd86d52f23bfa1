import { describe, expect, test } from 'bun:test';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { runFeed, startFeed } from './running-feed.ts';
import { payment } from './scripted-source.ts';

const lost = (reason: string) => () => Promise.reject(new SourceError(reason));

/** Whether a promise has settled by now. */
function watch(promise: Promise<unknown>) {
  const seen = { outcome: 'none' as 'none' | 'resolved' | 'rejected' };
  promise.then(
    () => {
      seen.outcome = 'resolved';
    },
    () => {
      seen.outcome = 'rejected';
    },
  );
  return seen;
}

describe('sync', () => {
  test('does not wait for the pause, and the poll knows that it is waited for', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.found = { ...source.found, pauseMs: 60_000 };
    await clock.advance(5_000);
    source.put(payment('c'));
    const synced = watch(feed.sync());
    await clock.settle();
    expect(synced.outcome).toBe('resolved');
    expect(source.asked.at(-1)).toBe(true);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
  });

  test('is answered by a poll that began after it was called, never by one before', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    const slow = Promise.withResolvers<void>();
    source.once.poll.push(async (usual, ...args) => {
      const position = await usual(...args);
      await slow.promise;
      return position;
    });
    await clock.advance(1_000);
    source.put(payment('c'));
    const synced = watch(feed.sync());
    await clock.advance(900);
    slow.resolve();
    await clock.settle();
    expect(synced.outcome).toBe('none');
    await clock.advance(100);
    expect(synced.outcome).toBe('resolved');
    expect(source.began.poll.slice(-2)).toEqual([1_000, 2_000]);
    expect(running.opened.mirror.reader()?.count('Payments')).toBe(3);
  });

  test('of many at once is one question', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    await clock.advance(1_500);
    const polls = source.began.poll.length;
    const all = Promise.all(Array.from({ length: 100 }, () => feed.sync()));
    await clock.advance(0);
    expect(source.began.poll).toHaveLength(polls);
    await clock.advance(500);
    await all;
    expect(source.began.poll).toHaveLength(polls + 1);
  });

  test('asks the source at most once a second, however often it is called', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.found = { ...source.found, pauseMs: 60_000 };
    await clock.advance(60_000);
    const from = source.began.poll.length;
    for (let time = 0; time < 10_000; time += 50) {
      void feed.sync();
      await clock.advance(50);
    }
    const times = source.began.poll.slice(from);
    expect(times.length).toBeGreaterThanOrEqual(9);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test('waits through a load', async () => {
    await using running = runFeed();
    const { source, clock, feed } = running;
    const loaded = Promise.withResolvers<void>();
    source.put(payment('a'));
    source.once.load.push(async (usual, ...args) => {
      await loaded.promise;
      return usual(...args);
    });
    const synced = watch(feed.sync());
    feed.start();
    await clock.advance(5_000);
    expect(synced.outcome).toBe('none');
    loaded.resolve();
    await clock.settle();
    expect(synced.outcome).toBe('resolved');
  });

  test('is not failed by one cut, and is by two, with the reason', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.once.poll.push(lost('cut'));
    const first = watch(feed.sync());
    await clock.advance(1_000);
    expect(first.outcome).toBe('resolved');

    source.once.poll.push(lost('cut'), lost('cut again'));
    const second = feed.sync();
    await clock.advance(1_000);
    await expect(second).rejects.toThrow(new SourceError('cut again'));
  });

  test('wakes a back-off, but leaves the source alone for a second', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.always.open = lost('gone');
    source.once.poll.push(lost('gone'));
    await clock.advance(120_000);
    await clock.advance(2_000);
    const attempts = source.began.open.length;
    source.always.open = null;
    const synced = watch(feed.sync());
    await clock.advance(1_000);
    expect(synced.outcome).toBe('resolved');
    expect(source.began.open).toHaveLength(attempts + 1);
    expect(feed.status().failing).toBeNull();

    source.once.poll.push(lost('gone'), lost('gone'));
    source.always.open = lost('gone');
    await clock.advance(1_000);
    const failedAt = clock.elapsed();
    void feed.sync().catch(() => {});
    await clock.advance(999);
    const tried = source.began.open.filter((at) => at > failedAt);
    expect(tried.length).toBeLessThanOrEqual(1);
  });

  test('of a feed that stops or has stopped is refused', async () => {
    const running = await startFeed();
    const during = running.feed.sync();
    await running[Symbol.asyncDispose]();
    await expect(during).rejects.toBeInstanceOf(SourceError);
    await expect(running.feed.sync()).rejects.toBeInstanceOf(SourceError);
    await expect(running.feed.compare()).rejects.toBeInstanceOf(SourceError);
  });
});
