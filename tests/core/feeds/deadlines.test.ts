import { describe, expect, test } from 'bun:test';
import type { FeedSession } from '../../../src/core/feeds/feed-source.ts';
import { runFeed, startFeed } from './running-feed.ts';
import { payment } from './scripted-source.ts';

const never = () => new Promise<never>(() => {});

describe('a source that is silent', () => {
  test('while it is opened has failed after a while, and what comes late is closed', async () => {
    await using running = runFeed();
    const { source, clock, feed } = running;
    const late = Promise.withResolvers<void>();
    let signal: AbortSignal | undefined;
    let session: FeedSession | undefined;
    source.once.open.push(async (usual, given) => {
      signal = given;
      await late.promise;
      session = await usual(given);
      return session;
    });
    source.always.open = never;
    feed.start();
    await clock.advance(19_999);
    expect(feed.status().failing).toBeNull();
    await clock.advance(1);
    expect(feed.status().failing).toMatchObject({
      reason: 'a script did not answer within 20000 ms',
      blame: 'silence',
    });
    expect(signal?.aborted).toBe(true);
    late.resolve();
    await clock.settle();
    expect(session).toBeDefined();
    expect(source.openSessions).toBe(0);
  });

  test.each(['canFollow', 'load', 'poll'] as const)(
    'while it is asked to %s is given up, and opened again',
    async (step) => {
      await using running = await startFeed();
      const { source, clock, feed } = running;
      const signals: AbortSignal[] = [];
      const give = (...args: readonly unknown[]) => {
        signals.push(...args.filter((arg) => arg instanceof AbortSignal));
        return never();
      };
      if (step !== 'poll') source.once.poll.push(() => Promise.reject(new Error('cut')));
      if (step === 'load') source.once.canFollow.push(async () => false);
      source.once[step].push(give);
      source.put(payment('c'));
      await clock.advance(1_000);
      expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
      await clock.advance(20_000);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
      await clock.advance(5_000);
      expect(feed.status()).toMatchObject({ activity: 'following', failing: null });
      expect(source.openSessions).toBe(1);
      const [mirror, expected] = await running.compare();
      expect(mirror).toEqual(expected);
    },
  );

  test('and answers late is not listened to: neither its rows nor its position count', async () => {
    await using running = await startFeed();
    const { source, clock } = running;
    const late = Promise.withResolvers<void>();
    const refusals: unknown[] = [];
    source.once.poll.push(async (_usual, _position, sink) => {
      await sink.rows('Payments', [payment('half')]);
      await late.promise;
      await sink.rows('Payments', [payment('late')]).catch((error: unknown) => refusals.push(error));
      await sink.deleted('Payments', ['a']).catch((error: unknown) => refusals.push(error));
      await sink.whole('Payments').catch((error: unknown) => refusals.push(error));
      return '99';
    });
    await clock.advance(1_000);
    await clock.advance(15_000);
    // The next session is in the middle of something when the late answer comes.
    source.put(payment('c'));
    source.once.poll.push(async (usual, ...args) => {
      const [, sink] = args;
      await sink.rows('Payments', []);
      late.resolve();
      await clock.settle();
      return usual(...args);
    });
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(refusals).toHaveLength(3);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
    expect(running.opened.mirror.state()?.position).toBe('2');
  });

  test('is not, when rows come slowly', async () => {
    await using running = runFeed();
    const { source, clock, feed } = running;
    source.put(payment('a'), payment('b'), payment('c'));
    source.once.load.push(async (_usual, sink) => {
      for (const row of source.rows()) {
        await new Promise<void>((resolve) => clock.schedule(14_000, resolve));
        await sink.rows('Payments', [row]);
      }
      return '1';
    });
    feed.start();
    await clock.advance(43_000);
    expect(feed.status()).toMatchObject({ activity: 'following', isLoaded: true, failing: null });
    expect(source.began.open).toHaveLength(1);
  });

  test('is not, when it is the mirror that takes its time', async () => {
    let isSlow = false;
    await using running = await startFeed({
      mirror: (writer) => ({
        async rows(table, rows) {
          if (isSlow) await new Promise<void>((resolve) => running.clock.schedule(40_000, resolve));
          return writer.rows(table, rows);
        },
      }),
    });
    const { source, clock, feed } = running;
    isSlow = true;
    source.put(payment('c'));
    await clock.advance(60_000);
    expect(feed.status().failing).toBeNull();
    expect(source.began.open).toHaveLength(1);
    expect(running.opened.mirror.reader()?.count('Payments')).toBe(3);
  });

  test('when it is closed holds nothing up', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.once.open.push(async (usual, signal) => ({ ...(await usual(signal)), close: never }));
    source.once.poll.push(() => Promise.reject(new Error('cut')));
    await clock.advance(1_000);
    source.once.poll.push(() => Promise.reject(new Error('cut')));
    await clock.advance(5_000);
    expect(feed.status()).toMatchObject({ activity: 'following', failing: null });
  });
});

describe('what is handed over at once', () => {
  test('begins once', async () => {
    await using running = await startFeed();
    const { source, clock } = running;
    source.once.poll.push(async (_usual, _position, sink) => {
      source.put(payment('c'), payment('d'));
      await Promise.all([sink.rows('Payments', [payment('c')]), sink.rows('Payments', [payment('d')])]);
      return '2';
    });
    await clock.advance(1_000);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
  });
});
