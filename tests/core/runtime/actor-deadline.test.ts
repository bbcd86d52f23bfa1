import { describe, expect, test } from 'bun:test';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { liveActor, startedActor, watch } from './scripted-actor.ts';

const TIMINGS = { deadlineMs: 5_000, backOffMs: 1_000 };

describe('a refresh has a deadline', () => {
  test('up to which it is let alone', async () => {
    const { actor, clock, load } = await startedActor({ timings: TIMINGS });
    await clock.advance(4_999);
    expect(load().signal.aborted).toBe(false);
    await load().succeed('just in time');
    expect(actor.latest()?.data).toBe('just in time');
    await clock.advance(1);
    expect(actor.status().failing).toBeNull();
    expect(load().signal.aborted).toBe(false);
  });

  test('past which its signal is aborted and it has failed', async () => {
    const { actor, clock, load } = await startedActor({ timings: TIMINGS });
    await clock.advance(5_000);
    expect(load().signal.aborted).toBe(true);
    expect(actor.status()).toMatchObject({
      activity: 'backing-off',
      failing: { since: clock.now(), reason: 'no answer within 5000 ms' },
    });
  });

  test('past which those who wait for it are told', async () => {
    const { actor, clock } = await liveActor({ timings: TIMINGS });
    const outcome = watch(actor.refresh());
    await clock.advance(5_000);
    expect(outcome.results).toEqual([{ status: 'error', message: 'no answer within 5000 ms' }]);
  });

  test('past which another is tried after back-off, though the first never ends', async () => {
    const { actor, clock, loads, load } = await startedActor({ timings: TIMINGS });
    await clock.advance(5_000);
    expect(loads).toHaveLength(1);
    await clock.advance(1_000);
    expect(loads).toHaveLength(2);
    await load().succeed('second');
    expect(actor.latest()).toMatchObject({ data: 'second', freshness: { status: 'live' } });
  });
});

describe('an answer past the deadline is ignored', () => {
  test('when it is a success', async () => {
    const { actor, clock, loads, publications } = await startedActor({ timings: TIMINGS });
    const [late] = loads;
    await clock.advance(5_000);
    await late?.succeed('too late');
    expect(actor.latest()).toBeUndefined();
    expect(publications).toEqual([]);
    expect(actor.status()).toMatchObject({ data: 'none', activity: 'backing-off', lastRefreshMs: null });
  });

  test('when it is a failure', async () => {
    const { actor, clock, loads, statuses, errors } = await startedActor({ timings: TIMINGS });
    const [late] = loads;
    await clock.advance(5_000);
    const before = actor.status();
    await late?.fail(new Error('cancelled'));
    expect(actor.status()).toEqual(before);
    expect(statuses).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  test('when the next refresh is under way', async () => {
    const { actor, clock, loads, publications, load } = await startedActor({ timings: TIMINGS });
    const [late] = loads;
    await clock.advance(6_000);
    expect(loads).toHaveLength(2);
    const outcome = watch(actor.refresh());
    await late?.succeed('too late');
    expect(publications).toEqual([]);
    expect(outcome.results).toEqual([]);
    await load().succeed('second');
    expect(actor.latest()).toMatchObject({ data: 'second', seq: 1 });
  });

  test('when a later refresh has ended well', async () => {
    const { actor, clock, loads, publications, statuses, load } = await startedActor({ timings: TIMINGS });
    const [late] = loads;
    await clock.advance(6_000);
    await load().succeed('second');
    await late?.fail(new SourceError('too late'));
    expect(actor.latest()).toMatchObject({ data: 'second', freshness: { status: 'live' } });
    expect(publications).toHaveLength(1);
    expect(statuses.map(({ failing }) => failing === null)).toEqual([false, true]);
  });

  test('when the content of it could not even be encoded', async () => {
    const { actor, clock, loads, errors } = await startedActor({ timings: TIMINGS });
    const [late] = loads;
    await clock.advance(5_000);
    await late?.succeed(1n);
    expect(errors).toEqual([]);
    expect(actor.status().failing?.reason).toBe('no answer within 5000 ms');
  });
});
