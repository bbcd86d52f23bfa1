import { describe, expect, test } from 'bun:test';
import { FeedFailingError } from '../../../src/core/runtime/failure.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { FULL_READ_MS, liveActor, scriptedActor, startedActor, watch } from './scripted-actor.ts';

describe('a load', () => {
  test('gets the hash of the content that is served, null before the first', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await load().succeed('first');
    const first = actor.latest()?.encoded.hash;
    await clock.advance(FULL_READ_MS);
    await load().succeed('second');
    await clock.advance(FULL_READ_MS);
    expect(first).toBeDefined();
    expect(loads.map(({ knownHash }) => knownHash)).toEqual([null, first ?? '', actor.latest()?.encoded.hash ?? '']);
  });

  test('is manual where somebody asked for it, and only there', async () => {
    const { actor, clock, loads, load } = await liveActor();
    watch(actor.refresh());
    await clock.settle();
    await load().succeed('second');
    await clock.advance(FULL_READ_MS);
    expect(loads.map(({ manual }) => manual)).toEqual([false, true, false]);
  });
});

describe('a load that finds the known content', () => {
  test('keeps content, text and seq, while "now" goes on, and publishes', async () => {
    const { actor, clock, load, publications } = await liveActor();
    const before = actor.latest();
    await clock.advance(FULL_READ_MS);
    const now = clock.now();
    await load().findNothingNew();
    expect(actor.latest()).toEqual({ ...before, generatedAt: now } as typeof before);
    expect(actor.latest()?.encoded).toBe(before?.encoded);
    expect(publications.map(({ snapshot }) => snapshot.generatedAt)).toEqual([now - FULL_READ_MS, now]);
  });

  test('makes a stale snapshot live again', async () => {
    const { actor, clock, load } = await liveActor();
    await clock.advance(FULL_READ_MS);
    await load().fail(new SourceError('connection refused'));
    expect(actor.latest()?.freshness.status).toBe('stale');
    await clock.advance(1_000);
    await load().findNothingNew();
    expect(actor.latest()).toMatchObject({ data: 'first', seq: 1, freshness: { status: 'live' } });
  });

  test('is an error of ours where there is none', async () => {
    const { actor, load, errors } = await startedActor();
    await load().findNothingNew();
    expect(actor.latest()).toBeUndefined();
    expect(actor.status()).toMatchObject({ data: 'none', activity: 'backing-off', failing: { blame: 'feature' } });
    expect(errors).toHaveLength(1);
  });
});

describe('a feed that fails, or works again', () => {
  test('makes a refresh begin at once, in the pause after a slow one', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await clock.advance(5_000);
    await load().succeed('first');
    actor.feedChanged();
    await clock.settle();
    expect(loads).toHaveLength(2);
  });

  test('makes a refresh begin at once, in the longest back-off', async () => {
    const { actor, clock, loads, load } = await startedActor({ timings: { backOffMs: 30_000 } });
    await load().fail(new SourceError('connection refused'));
    await clock.advance(1);
    actor.feedChanged();
    await clock.settle();
    expect(loads).toHaveLength(2);
    await load().succeed('back');
    expect(actor.status()).toMatchObject({ data: 'live', failing: null });
  });

  test('during a refresh makes one more of it, however often', async () => {
    const { actor, clock, loads, load } = await startedActor();
    for (let change = 0; change < 5; change++) actor.feedChanged();
    await load().succeed('first');
    expect(loads).toHaveLength(2);
    await load().succeed('second');
    await clock.advance(FULL_READ_MS - 1);
    expect(loads).toHaveLength(2);
  });

  test('does not start an actor that was not started', async () => {
    const { actor, clock, loads } = scriptedActor();
    actor.feedChanged();
    await clock.advance(FULL_READ_MS);
    expect(loads).toEqual([]);
  });

  test.each(['source', 'silence', 'feature'] as const)(
    'is reported with its own since and reason, though noticed later: %s',
    async (blame) => {
      const { actor, clock, load, errors } = await liveActor();
      const since = clock.now() - 1_234;
      await clock.advance(FULL_READ_MS);
      await load().fail(new FeedFailingError({ since, reason: 'connection refused', blame }));
      expect(actor.status().failing).toEqual({ since, reason: 'connection refused', blame });
      expect(actor.latest()?.freshness).toEqual({ status: 'stale', since, reason: 'connection refused' });
      expect(errors).toEqual([]);
    },
  );

  test('keeps since when refreshes fail, where they failed before the feed did', async () => {
    const { actor, clock, load } = await liveActor();
    await clock.advance(FULL_READ_MS);
    await load().fail(new SourceError('the mirror cannot be read'));
    const since = clock.now();
    await clock.advance(1_000);
    await load().fail(new FeedFailingError({ since: clock.now(), reason: 'connection refused', blame: 'source' }));
    expect(actor.status().failing).toEqual({ since, reason: 'connection refused', blame: 'source' });
  });
});
