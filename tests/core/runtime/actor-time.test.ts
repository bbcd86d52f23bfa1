import { describe, expect, test } from 'bun:test';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { FULL_READ_MS, liveActor, startedActor } from './scripted-actor.ts';

describe('a full read', () => {
  test('happens when the last one is as old as it may be', async () => {
    const { clock, loads, load } = await liveActor({ timings: { maxAgeMs: 60_000 } });
    await clock.advance(59_999);
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    expect(loads).toHaveLength(2);
    await load().succeed('second');
    await clock.advance(60_000);
    expect(loads).toHaveLength(3);
  });

  test('happens less often where the pause after a slow refresh is longer', async () => {
    const { clock, loads, load } = await startedActor({ timings: { maxAgeMs: 60_000, deadlineMs: 30_000 } });
    await clock.advance(20_000);
    await load().succeed('first');
    await clock.advance(9 * 20_000 - 1);
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    expect(loads).toHaveLength(2);
  });

  test('has as its "now" one instant of the wall clock, which the snapshot tells', async () => {
    const { actor, clock, load } = await startedActor();
    const begun = clock.now();
    expect(load().now).toBe(begun);
    await clock.advance(500);
    await load().succeed('first');
    expect(actor.latest()?.generatedAt).toBe(begun);
    expect(actor.status()).toMatchObject({ data: 'live', activity: 'idle', failing: null, lastRefreshMs: 500 });
  });
});

describe('a wall clock that is set back an hour', () => {
  test('changes nothing about when refreshes happen', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await clock.advance(100);
    await load().succeed('first');
    clock.shiftWall(-3_600_000);
    actor.changed();
    await clock.advance(9 * 100 - 1);
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    expect(loads).toHaveLength(2);
    await load().succeed('second');
    clock.shiftWall(-3_600_000);
    await clock.advance(FULL_READ_MS);
    expect(loads).toHaveLength(3);
  });

  test('during a refresh neither ends it nor makes its time less than nothing', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await clock.advance(50);
    clock.shiftWall(-3_600_000);
    await clock.advance(50);
    await load().succeed('first');
    expect(actor.status().lastRefreshMs).toBe(100);
    expect(load().signal.aborted).toBe(false);
    expect(loads).toHaveLength(1);
  });

  test('does not prolong back-off', async () => {
    const { clock, loads, load } = await startedActor({ timings: { backOffMs: 1_000 } });
    await load().fail(new SourceError('connection refused'));
    clock.shiftWall(-3_600_000);
    await clock.advance(1_000);
    expect(loads).toHaveLength(2);
  });
});
