import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type ActorTimings, DEFAULT_TIMINGS, dataOf } from '../../../src/core/runtime/actor-state.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { ActorModel } from './actor-model.ts';
import { someSnapshot } from './some-snapshot.ts';

type Step = (model: ActorModel) => void;

const jitter = fc.double({ min: 0, max: 1, noNaN: true });

const waits = fc.oneof(
  fc.constantFrom(0, 1, 999, 1_000, 1_001, 29_999, 30_000, 60_000),
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 0, max: 400_000 }),
);

/** Everything that may happen to an actor but a stop, with the usual more often than the strange. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(waits, jitter).map(([wait, drawn]) => named(`wait ${wait}`, (m) => m.advance(wait, drawn))),
  },
  { weight: 2, arbitrary: jitter.map((drawn) => named('wait until due', (m) => m.advanceToWake(drawn))) },
  { weight: 3, arbitrary: fc.constant(named('change', (m) => m.send({ kind: 'changed' }))) },
  { weight: 1, arbitrary: fc.constant(named('feed changes', (m) => m.send({ kind: 'feed-changed' }))) },
  { weight: 3, arbitrary: fc.constant(named('ask', (m) => m.ask())) },
  { weight: 4, arbitrary: fc.constant(named('end well', (m) => m.end(false, 0))) },
  { weight: 3, arbitrary: jitter.map((drawn) => named('end badly', (m) => m.end(true, drawn))) },
  { weight: 1, arbitrary: jitter.map((drawn) => named('wake early', (m) => m.send({ kind: 'woke' }, drawn))) },
  {
    weight: 1,
    arbitrary: fc
      .nat(20)
      .map((back) =>
        named('late success', (m) => m.send({ kind: 'loaded', refresh: old(m, back), snapshot: someSnapshot(m.at) })),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(20), jitter)
      .map(([back, drawn]) =>
        named('late failure', (m) =>
          m.send({ kind: 'failed', refresh: old(m, back), failure: { reason: 'late', blame: 'source' } }, drawn),
        ),
      ),
  },
);

const stop = named('stop', (model) => model.send({ kind: 'stop' }));

const timings: fc.Arbitrary<ActorTimings> = fc.oneof(
  fc.constant(DEFAULT_TIMINGS),
  fc.record({
    maxAgeMs: fc.integer({ min: 1_000, max: 100_000 }),
    deadlineMs: fc.integer({ min: 100, max: 100_000 }),
    backOffMs: fc.integer({ min: 1, max: 5_000 }),
    backOffMaxMs: fc.integer({ min: 5_000, max: 60_000 }),
    manualIntervalMs: fc.integer({ min: 1, max: 5_000 }),
    changeWaitFactor: fc.integer({ min: 0, max: 20 }),
  }),
);

/** The snapshot before a restart, if there is one. */
const restored: fc.Arbitrary<Snapshot | undefined> = fc.constantFrom(undefined, {
  ...someSnapshot(1),
  freshness: { status: 'stale', since: 1, reason: 'restored' } as const,
});

const lives = fc.array(steps, { maxLength: 60 });
const options = { numRuns: Number(process.env.ACTOR_RUNS ?? 1_000) };

function named(name: string, step: Step): Step {
  return Object.assign((model: ActorModel) => step(model), { [fc.toStringMethod]: () => name });
}

/** A refresh that has ended long ago, or never was; never the one in flight. */
function old({ state }: ActorModel, back: number): number {
  return state.refresh - 1 - back;
}

describe('whatever happens to an actor', () => {
  test('in every state that it can reach, its invariants hold', () => {
    fc.assert(
      fc.property(timings, restored, lives, (given, before, life) => {
        const model = new ActorModel(given, before);
        for (const step of life) step(model);
      }),
      options,
    );
  });

  test('a stop answers every caller, each exactly once, and after it nothing happens', () => {
    fc.assert(
      fc.property(timings, restored, lives, lives, (given, before, life, afterlife) => {
        const model = new ActorModel(given, before);
        for (const step of [...life, stop]) step(model);
        const loads = model.begun.length;
        for (const step of [...afterlife, stop]) step(model);
        expect(model.begun).toHaveLength(loads);
        expect(model.callers.map(({ answers }) => answers.length)).toEqual(model.callers.map(() => 1));
      }),
      options,
    );
  });

  test('a source that works again is live soon, with nothing left to do and nobody waiting', () => {
    fc.assert(
      fc.property(timings, restored, lives, (given, before, life) => {
        const model = new ActorModel(given, before);
        for (const step of life) step(model);
        const loads = model.begun.length;
        for (let turn = 0; turn < 3; turn++) {
          model.end(false, 0);
          model.advanceToWake(0);
        }
        model.end(false, 0);
        expect(dataOf(model.state)).toBe('live');
        expect(model.state).toMatchObject({ activity: { kind: 'idle' }, dirty: false, queuedCallers: [] });
        expect(model.callers.map(({ answers }) => answers.length)).toEqual(model.callers.map(() => 1));
        expect(model.begun.length - loads).toBeLessThanOrEqual(3);
      }),
      options,
    );
  });
});
