import { describe, expect, test } from 'bun:test';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { liveActor, scriptedActor, startedActor, watch } from './scripted-actor.ts';

const BOTH_COMPLETE = ['publications complete', 'statusChanges complete'];
const STOPPING = { status: 'error', message: 'the server is stopping' } as const;

const ended = (stop: Promise<void>) => stop.then(() => 'ended');

describe('stop', () => {
  test('cancels the load in flight and waits until it has let go', async () => {
    const { actor, clock, load } = await startedActor();
    const stopped = watch(ended(actor.stop()));
    expect(load().signal.aborted).toBe(true);
    await clock.settle();
    expect(stopped.results).toEqual([]);
    await load().fail(new SourceError('cancelled'));
    expect(stopped.results).toEqual(['ended']);
  });

  test('does not wait for ever for a load that ignores its signal', async () => {
    const { actor, clock, load, publications } = await startedActor();
    const stopped = watch(ended(actor.stop()));
    await clock.advance(1_000);
    expect(stopped.results).toEqual(['ended']);
    await load().succeed('much too late');
    expect(publications).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test('is over at once when nothing is in flight', async () => {
    const { actor, clock } = await liveActor();
    const stopped = watch(ended(actor.stop()));
    await clock.settle();
    expect(stopped.results).toEqual(['ended']);
  });

  test('leaves no timer behind', async () => {
    for (const make of [scriptedActor, startedActor, liveActor]) {
      const { actor, clock, loads } = await make();
      const stopped = actor.stop();
      for (const load of loads) await load.fail(new SourceError('cancelled'));
      await stopped;
      expect(clock.waiting).toBe(0);
    }
  });

  test('right after a start keeps the load from being begun', async () => {
    const { actor, clock, loads } = scriptedActor();
    actor.start();
    await actor.stop();
    await clock.settle();
    expect(loads).toEqual([]);
  });

  test('answers in-flight and queued callers', async () => {
    const { actor, clock } = await liveActor();
    const inFlight = watch(actor.refresh());
    await clock.settle();
    const queued = watch(actor.refresh());
    watch(actor.stop());
    await clock.settle();
    expect([...inFlight.results, ...queued.results]).toEqual([STOPPING, STOPPING]);
  });

  test('answers callers that wait for the interval to pass', async () => {
    const { actor, clock, load } = await liveActor();
    watch(actor.refresh());
    await clock.settle();
    await load().succeed('second');
    const waiting = watch(actor.refresh());
    await actor.stop();
    await clock.settle();
    expect(waiting.results).toEqual([STOPPING]);
  });

  test('completes the observables at once, though a load hangs', async () => {
    const { actor, endings } = await startedActor();
    watch(actor.stop());
    expect(endings).toEqual(BOTH_COMPLETE);
  });

  test('ignores what the cancelled load still yields', async () => {
    const { actor, load, publications, statuses, errors } = await liveActor();
    watch(actor.refresh());
    await load().succeed('first');
    const seen = publications.length;
    const told = statuses.length;
    watch(actor.stop());
    await load().succeed('late');
    await load().fail(new Error('late'));
    expect(actor.latest()?.data).toBe('first');
    expect(publications).toHaveLength(seen);
    expect([statuses.length, errors]).toEqual([told, []]);
  });

  test('makes every later message do nothing', async () => {
    const { actor, clock, loads, publications, endings } = await liveActor();
    await actor.stop();
    actor.start();
    actor.changed();
    expect(await actor.refresh()).toEqual({ status: 'error', message: 'the feature is not running' });
    await actor.stop();
    await clock.advance(3_600_000);
    expect(loads).toHaveLength(1);
    expect(publications).toHaveLength(1);
    expect(endings).toEqual(BOTH_COMPLETE);
    expect(actor.status().activity).toBe('stopped');
  });

  test('before start keeps the actor from ever starting', async () => {
    const { actor, clock, loads, endings } = scriptedActor();
    await actor.stop();
    actor.start();
    await clock.advance(60_000);
    expect(loads).toEqual([]);
    expect(endings).toEqual(BOTH_COMPLETE);
  });

  test('by who hears of a publication ends all in order and starts nothing more', async () => {
    const { actor, clock, load, loads, endings, publications } = await startedActor();
    const waiting = watch(actor.refresh());
    const stopped: string[] = [];
    actor.publications.subscribe(() => {
      watch(ended(actor.stop()), stopped);
    });
    await clock.advance(1_000);
    await load().succeed('first');
    for (const { signal } of loads.slice(1)) expect(signal.aborted).toBe(true);
    await clock.advance(1_000);
    expect(waiting.results).toEqual([STOPPING]);
    expect(stopped).toEqual(['ended']);
    expect(publications).toHaveLength(1);
    expect(endings).toEqual(BOTH_COMPLETE);
    expect(clock.waiting).toBe(0);
  });

  test('keeps the latest snapshot to be read', async () => {
    const { actor } = await liveActor();
    await actor.stop();
    expect(actor.latest()?.data).toBe('first');
  });
});
