import { describe, expect, test } from 'bun:test';
import {
  MissingFromSourceError,
  NotConfiguredError,
  QueryRefusedError,
  SourceError,
  SourceTimeoutError,
} from '../../../src/core/runtime/source-errors.ts';
import { FULL_READ_MS, liveActor, type ScriptedActor, startedActor } from './scripted-actor.ts';

const REFUSED = new SourceError('connection refused');
const UNFORESEEN = 'an unexpected error, which has been logged';

/** Fails every refresh that is due within some time; the moments at which they started. */
async function failuresWithin(milliseconds: number, { clock, loads, load }: ScriptedActor): Promise<number[]> {
  const moments: number[] = [];
  const end = clock.elapsed() + milliseconds;
  await load().fail(REFUSED);
  for (let seen = loads.length; clock.elapsed() < end; seen = loads.length) {
    await clock.advance(50);
    if (loads.length === seen) continue;
    moments.push(clock.elapsed());
    await load().fail(REFUSED);
  }
  return moments;
}

describe('on failure', () => {
  test('the last snapshot stays, marked stale with since when and why', async () => {
    const { actor, clock, load } = await liveActor();
    const before = actor.latest();
    await clock.advance(FULL_READ_MS);
    await clock.advance(70);
    await load().fail(REFUSED);
    const since = clock.now();
    await clock.advance(500);
    expect(actor.latest()).toMatchObject({
      data: 'first',
      seq: before?.seq,
      generatedAt: before?.generatedAt,
      encoded: before?.encoded,
      freshness: { status: 'stale', since, reason: 'connection refused' },
    });
    expect(actor.status()).toMatchObject({
      data: 'stale',
      activity: 'backing-off',
      failing: { since, reason: 'connection refused' },
      lastRefreshMs: 0,
    });
  });

  test('a further failure keeps since when, and tells the newest reason', async () => {
    const { actor, clock, load } = await liveActor();
    await clock.advance(FULL_READ_MS);
    await load().fail(REFUSED);
    const since = clock.now();
    await clock.advance(1_000);
    await load().fail(new SourceError('login failed'));
    expect(actor.latest()?.freshness).toEqual({ status: 'stale', since, reason: 'login failed' });
  });

  test('before any snapshot there is none, and why is known', async () => {
    const { actor, load } = await startedActor();
    await load().fail(REFUSED);
    expect(actor.latest()).toBeUndefined();
    expect(actor.status()).toMatchObject({ data: 'none', failing: { reason: 'connection refused' } });
  });

  test('a snapshot is live again with the next refresh that ends well, though its content is the same', async () => {
    const { actor, clock, load, publications } = await liveActor();
    await clock.advance(FULL_READ_MS);
    await load().fail(REFUSED);
    await clock.advance(1_000);
    await load().succeed('first');
    expect(actor.latest()).toMatchObject({ seq: 1, generatedAt: load().now, freshness: { status: 'live' } });
    expect(actor.status()).toMatchObject({ data: 'live', failing: null });
    expect(publications.map(({ snapshot }) => snapshot.freshness.status)).toEqual(['live', 'live']);
  });

  test('one status change tells that it fails and one that it works again, however many retries between', async () => {
    const scripted = await liveActor({ timings: { backOffMs: 100, backOffMaxMs: 1_000 } });
    const { clock, load, statuses } = scripted;
    await clock.advance(FULL_READ_MS);
    const retries = await failuresWithin(20_000, scripted);
    expect(retries.length).toBeGreaterThan(10);
    await clock.advance(1_000);
    await load().succeed('back');
    await clock.advance(FULL_READ_MS);
    await load().succeed('still well');
    expect(statuses.map(({ data, failing }) => [data, failing?.reason])).toEqual([
      ['live', undefined],
      ['stale', 'connection refused'],
      ['live', undefined],
    ]);
  });

  test('observables neither end nor err', async () => {
    const scripted = await startedActor({ timings: { backOffMs: 100, backOffMaxMs: 1_000 } });
    await failuresWithin(10_000, scripted);
    expect(scripted.endings).toEqual([]);
  });

  test('a change does not cut back-off short', async () => {
    const { actor, clock, load, loads } = await startedActor({ timings: { backOffMs: 4_000 } });
    await load().fail(REFUSED);
    actor.changed();
    await clock.advance(3_999);
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    expect(loads).toHaveLength(2);
  });
});

describe('back-off', () => {
  const timings = { backOffMs: 1_000, backOffMaxMs: 8_000 };

  test('doubles up to its cap', async () => {
    const moments = await failuresWithin(31_000, await startedActor({ timings, random: () => 1 }));
    expect(moments).toEqual([1_000, 3_000, 7_000, 15_000, 23_000, 31_000]);
  });

  test('is at least half of that, by jitter', async () => {
    const moments = await failuresWithin(15_500, await startedActor({ timings, random: () => 0 }));
    expect(moments).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500]);
  });

  test('begins anew after a refresh that ended well', async () => {
    const scripted = await startedActor({ timings });
    await failuresWithin(7_000, scripted);
    await scripted.clock.advance(8_000);
    await scripted.load().succeed('back');
    await scripted.clock.advance(FULL_READ_MS);
    const begun = scripted.clock.elapsed();
    const moments = await failuresWithin(3_000, scripted);
    expect(moments.map((moment) => moment - begun)).toEqual([1_000, 3_000]);
  });
});

describe('what people are told of a failure', () => {
  test("a source's own words, their first line, at most 300 characters of it", async () => {
    const { actor, load, errors } = await startedActor();
    await load().fail(new SourceError(`${'x'.repeat(500)}\nat secret/place.ts`));
    expect(actor.status().failing?.reason).toBe('x'.repeat(300));
    expect(errors).toEqual([]);
  });

  test('of an unexpected error only that there was one; the log gets the error', async () => {
    const { actor, load, errors } = await startedActor();
    const error = new TypeError('password is hunter2');
    await load().fail(error);
    expect(actor.status().failing?.reason).toBe(UNFORESEEN);
    expect(errors).toEqual([error]);
  });

  test.each([['text'], [undefined], [null], [{ message: 'looks like one' }]])(
    'even when %p is thrown',
    async (thrown) => {
      const { actor, load, errors } = await startedActor();
      await load().fail(thrown);
      expect(actor.status().failing?.reason).toBe(UNFORESEEN);
      expect(errors).toEqual([thrown]);
    },
  );
});

describe('who is to blame', () => {
  test.each([
    ['source', REFUSED],
    ['silence', new SourceTimeoutError('The source did not answer in time')],
    ['feature', new MissingFromSourceError(['Claims.Status'])],
    ['feature', new QueryRefusedError('The query was chosen as a deadlock victim')],
    ['feature', new NotConfiguredError('Set DB_SERVER')],
    ['feature', new TypeError('an error of ours')],
  ])('%s: %p', async (blame, error) => {
    const { actor, load } = await startedActor();
    await load().fail(error);
    expect(actor.status().failing).toMatchObject({ blame });
  });

  test('past the deadline the silence of the source', async () => {
    const { actor, clock } = await startedActor({ timings: { deadlineMs: 5_000 } });
    await clock.advance(5_000);
    expect(actor.status().failing).toMatchObject({ blame: 'silence' });
  });

  test('a graver one is reported, a milder one is not, until a refresh succeeds', async () => {
    const { clock, load, statuses } = await startedActor({ timings: { backOffMs: 1_000, backOffMaxMs: 1_000 } });
    const missing = new MissingFromSourceError(['Claims']);
    for (const error of [missing, missing, new SourceTimeoutError('late'), missing, REFUSED, missing]) {
      await load().fail(error);
      await clock.advance(1_000);
    }
    expect(statuses.map(({ failing }) => failing?.blame)).toEqual(['feature', 'silence', 'source']);
    await load().succeed('back');
    await clock.advance(FULL_READ_MS);
    await load().fail(missing);
    expect(statuses.slice(3).map(({ failing }) => failing?.blame)).toEqual([undefined, 'feature']);
  });
});
