import { describe, expect, test } from 'bun:test';
import { SessionOutdatedError } from '../../../src/core/feeds/feed-source.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { catalogWithout, openSmall } from '../mirror/small-mirror.ts';
import { runFeed, startFeed } from './running-feed.ts';
import { payment } from './scripted-source.ts';

const ALL = ['Payments', 'Claims', 'logs'];
const lost =
  (reason = 'the source is gone') =>
  () =>
    Promise.reject(new SourceError(reason));
const outdated =
  (reload = false) =>
  () =>
    Promise.reject(new SessionOutdatedError('The session no longer fits', reload));

describe('a first start', () => {
  test('loads everything, and follows it', async () => {
    await using running = await startFeed();
    const { feed, clock, source, changes } = running;
    expect(feed.status()).toMatchObject({ activity: 'following', isLoaded: true, mode: 'told', failing: null });
    expect(feed.status()).toMatchObject({ rowsRead: 2, lastSync: clock.now() });
    expect(changes).toEqual([ALL]);
    expect(source.began.load).toHaveLength(1);

    source.put(payment('c', 3), payment('a', 7));
    source.remove('b');
    await clock.advance(1_000);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
    expect(changes).toEqual([ALL, ['Payments']]);
    expect(feed.status().rowsRead).toBe(5);
  });

  test('says what it is about', async () => {
    await using running = await startFeed();
    expect(running.statuses.map(({ activity }) => activity)).toEqual(['opening', 'loading', 'following']);
  });

  test('that fails is reported at once, and retried', async () => {
    await using running = runFeed();
    running.source.always.open = lost();
    running.feed.start();
    await running.clock.settle();
    expect(running.feed.status()).toMatchObject({
      activity: 'backing-off',
      isLoaded: false,
      failing: { since: running.clock.now(), reason: 'the source is gone', blame: 'source' },
    });
    running.source.always.open = null;
    await running.clock.advance(1_000);
    expect(running.feed.status()).toMatchObject({ activity: 'following', isLoaded: true, failing: null });
  });
});

describe('a mirror that was kept', () => {
  const kept = async (catalog = catalogWithout(), position = '1') => {
    const opened = openSmall();
    opened.mirror.begin('load', catalog);
    opened.mirror.rows('Payments', [payment('a'), payment('b', 2)]);
    await opened.mirror.commit(position);
    return opened;
  };

  test('is followed from its position, and features wait until it is up to date', async () => {
    await using running = runFeed({ opened: await kept() });
    const { source, feed, clock } = running;
    source.put(payment('a'), payment('b', 2));
    source.put(payment('c'));
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    source.once.poll.push(async (usual, ...args) => {
      await answered;
      return usual(...args);
    });
    feed.start();
    await clock.settle();
    expect(feed.status().isLoaded).toBe(false);
    expect(running.changes).toEqual([]);
    answer();
    await clock.settle();
    expect(feed.status().isLoaded).toBe(true);
    expect(source.began.load).toEqual([]);
    expect(source.asked).toEqual([true]);
    expect(new Set(running.changes.flat())).toEqual(new Set(ALL));
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
  });

  test.each([
    ['its position is not known any more', catalogWithout(), '99'],
    ['the source has other columns now', catalogWithout(['Claims.UpdatedAt']), '1'],
    [
      'the source compares keys in another way now',
      catalogWithout([], { ignoresCase: true, ignoresAccents: false, ignoresTrailingBlanks: true }),
      '1',
    ],
  ])('is loaded anew when %s', async (_, catalog, position) => {
    await using running = await startFeed({ opened: await kept(catalog, position) });
    expect(running.source.began.load).toHaveLength(1);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
  });
});

describe('a session that is outdated', () => {
  test('is opened again at once, without a report', async () => {
    await using running = await startFeed();
    const { source, clock, statuses } = running;
    source.once.poll.push(outdated());
    source.put(payment('c'));
    await clock.advance(1_000);
    expect(source.began.open).toEqual([0, 1_000]);
    expect(source.began.load).toHaveLength(1);
    expect(statuses.some(({ failing }) => failing !== null)).toBe(false);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
  });

  test('is loaded again where its rows may be wrong, though its position is still known', async () => {
    await using running = await startFeed();
    running.source.once.poll.push(outdated(true));
    await running.clock.advance(1_000);
    expect(running.source.began.load).toEqual([0, 1_000]);
    await running.clock.advance(5_000);
    expect(running.source.began.load).toHaveLength(2);
  });

  test('again and again is a failure like any other, with its reason', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.always.poll = outdated(true);
    await clock.advance(1_000);
    expect(source.began.open.length).toBeLessThanOrEqual(6);
    expect(source.began.load.length).toBeLessThanOrEqual(6);
    expect(feed.status().failing).toMatchObject({ reason: 'The session no longer fits', blame: 'source' });
    expect(running.errors).toEqual([]);
    const before = source.began.open.length;
    await clock.advance(60_000);
    expect(source.began.open.length - before).toBeLessThan(10);
  });
});

describe('a failure', () => {
  test('is retried at once, without a report', async () => {
    await using running = await startFeed();
    const { source, clock, statuses, changes } = running;
    const told = statuses.length;
    source.put(payment('c'));
    source.once.poll.push(lost());
    await clock.advance(1_000);
    expect(source.began.poll.slice(-2)).toEqual([1_000, 1_000]);
    expect(source.began.load).toHaveLength(1);
    expect(statuses.slice(told)).toEqual([]);
    expect(changes).toEqual([ALL, ['Payments']]);

    // And again, however often, as long as it works in between.
    for (let cut = 0; cut < 5; cut++) {
      source.once.poll.push(lost());
      await clock.advance(1_000);
    }
    expect(statuses.slice(told)).toEqual([]);
  });

  test('a second time is reported, with since when, why and the blame', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.once.poll.push(lost('first'), lost('second'));
    await clock.advance(1_000);
    const since = clock.now();
    expect(feed.status()).toMatchObject({
      activity: 'backing-off',
      isLoaded: true,
      failing: { since, reason: 'second', blame: 'source' },
    });

    source.always.open = lost('third');
    await clock.advance(5_000);
    expect(feed.status().failing).toEqual({ since, reason: 'third', blame: 'source' });
    const told = running.statuses.length;
    await clock.advance(60_000);
    expect(running.statuses).toHaveLength(told);
  });

  test.each([
    [0, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]],
    [1, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
  ])('backs off, and the wait is drawn (%d)', async (drawn, waits) => {
    await using running = await startFeed({ random: () => drawn });
    const { source, clock } = running;
    source.always.open = lost();
    source.once.poll.push(lost());
    await clock.advance(1_000 + waits.reduce((sum, wait) => sum + wait));
    const [first = 0, ...others] = source.began.open.slice(1);
    expect(first).toBe(1_000);
    const attempts = [first, ...others];
    expect(others.map((at, index) => at - (attempts[index] ?? 0)).slice(0, waits.length)).toEqual(waits);
  });

  test.each(['told', 'loaded'])('of every poll is no busy loop, though the source opens and is %s', async (how) => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    source.always.poll = lost();
    if (how === 'loaded') source.always.canFollow = async () => false;
    await clock.advance(1_000);
    expect(feed.status().failing).not.toBeNull();
    const before = source.began.poll.length;
    await clock.advance(600_000);
    expect(source.began.poll.length - before).toBeLessThan(40);
    // It never looks well meanwhile.
    const failing = running.statuses.findIndex((status) => status.failing !== null);
    expect(running.statuses.slice(failing).every((status) => status.failing !== null)).toBe(true);

    source.always.poll = null;
    await clock.advance(30_000);
    expect(feed.status()).toMatchObject({ activity: 'following', failing: null });
  });

  test('that ends: everything is said to have changed, since features stood still', async () => {
    await using running = await startFeed();
    const { source, clock, feed, changes } = running;
    source.once.poll.push(lost(), lost());
    await clock.advance(1_000);
    expect(feed.status().failing).not.toBeNull();
    const told = changes.length;
    await clock.advance(1_000);
    expect(feed.status()).toMatchObject({ activity: 'following', failing: null, lastSync: clock.now() - 250 });
    expect(changes.slice(told)).toEqual([ALL]);
  });

  test('of our own is logged whole, and people learn only that there was one', async () => {
    await using running = await startFeed();
    const { source, clock, feed } = running;
    const bug = new TypeError('secret is undefined');
    source.always.poll = () => Promise.reject(bug);
    const synced = feed.sync();
    await clock.advance(1_000);
    expect(feed.status().failing?.reason).not.toContain('secret');
    expect(running.errors).toContain(bug);
    await expect(synced).rejects.toBeInstanceOf(SourceError);
    await expect(synced).rejects.not.toThrow('secret');
  });
});

describe('the mirror', () => {
  test('that cannot be written makes the feed fail, and it goes on from where it was', async () => {
    let refusal: Error | null = null;
    await using running = await startFeed({
      mirror: (writer) => ({
        commit: (position) => (refusal === null ? writer.commit(position) : Promise.reject(refusal)),
      }),
    });
    const { source, clock, feed, opened } = running;
    refusal = new SourceError('The mirror cannot be written: its disk is full');
    source.put(payment('c'));
    await clock.advance(1_000);
    expect(feed.status().failing).toMatchObject({ reason: 'The mirror cannot be written: its disk is full' });
    expect(opened.mirror.state()?.position).toBe('1');
    const polls = source.began.poll.length;
    await clock.advance(10_000);
    expect(source.began.poll.length - polls).toBeLessThan(10);

    refusal = null;
    await clock.advance(30_000);
    expect(feed.status()).toMatchObject({ activity: 'following', failing: null });
    expect(source.began.load).toHaveLength(1);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
  });

  test('that is lost while nothing moves is loaded again', async () => {
    const opened = [openSmall(), openSmall()] as const;
    let current = 0;
    await using running = await startFeed({
      opened: opened[0],
      mirror: () => switching(() => opened[current] ?? opened[0]),
    });
    const { clock, source, statuses } = running;
    await clock.advance(5_000);
    expect(source.began.load).toHaveLength(1);
    current = 1;
    await clock.advance(1_000);
    expect(source.began.load).toHaveLength(2);
    expect(opened[1].mirror.reader()?.count('Payments')).toBe(2);
    expect(statuses.some(({ failing }) => failing !== null)).toBe(false);
  });
});

describe('a pause', () => {
  test('is read anew each time', async () => {
    await using running = await startFeed();
    const { source, clock } = running;
    source.found = { ...source.found, pauseMs: 5_000 };
    await clock.advance(1_000);
    source.found = { ...source.found, pauseMs: 100 };
    await clock.advance(5_100);
    expect(source.began.poll).toEqual([0, 1_000, 6_000, 6_100]);
  });

  test('ends a session after a while that could be a better one, and only such', async () => {
    await using running = await startFeed({ timings: { improveAfterMs: 10_000 } });
    const { source, clock, feed, statuses } = running;
    await clock.advance(30_000);
    expect(source.began.open).toHaveLength(1);

    source.found = { ...source.found, mode: 'interval', reason: 'Change Tracking is off' };
    source.once.poll.push(outdated());
    await clock.advance(1_000);
    expect(feed.status()).toMatchObject({ mode: 'interval', reason: 'Change Tracking is off' });
    source.found = { ...source.found, mode: 'change-tracking', reason: null };
    const before = source.began.open.length;
    await clock.advance(12_000);
    expect(source.began.open).toHaveLength(before + 1);
    expect(feed.status()).toMatchObject({ mode: 'change-tracking', reason: null });
    expect(source.began.load).toHaveLength(1);
    expect(source.openSessions).toBe(1);
    expect(statuses.some(({ failing }) => failing !== null)).toBe(false);
  });
});

function switching(current: () => ReturnType<typeof openSmall>) {
  return {
    state: async () => current().mirror.state(),
    begin: async (...args: Parameters<ReturnType<typeof openSmall>['mirror']['begin']>) =>
      current().mirror.begin(...args),
    rows: async (...args: Parameters<ReturnType<typeof openSmall>['mirror']['rows']>) => current().mirror.rows(...args),
    commit: (position: string) => current().mirror.commit(position),
    rollback: async () => current().mirror.rollback(),
  };
}
