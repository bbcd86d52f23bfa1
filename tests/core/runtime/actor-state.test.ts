import { describe, expect, test } from 'bun:test';
import { type ActorState, DEFAULT_TIMINGS, INITIAL_STATE } from '../../../src/core/runtime/actor-state.ts';
import { type ActorMessage, transition, wakeAt } from '../../../src/core/runtime/actor-transition.ts';
import { someSnapshot } from './some-snapshot.ts';

const noCaller = () => {};
const snapshot = someSnapshot(10_000);
/** Its last refresh took 100 ms and ended at 10 s. */
const idle: ActorState = {
  ...INITIAL_STATE,
  snapshot,
  dirty: false,
  refresh: 7,
  notBefore: 10_900,
  fullReadAt: 10_000 + DEFAULT_TIMINGS.maxAgeMs,
  lastRefreshMs: 100,
};
const refreshing: ActorState = {
  ...idle,
  activity: { kind: 'refreshing', refresh: 7, startedAt: 10_000, inFlightCallers: [] },
};
const failing = { since: 9_000, reason: 'no', blame: 'source', attempts: 1 } as const;
const backingOff: ActorState = {
  ...idle,
  snapshot: { ...snapshot, freshness: { status: 'stale', since: 9_000, reason: 'no' } },
  dirty: true,
  failing,
  notBefore: 11_000,
  activity: { kind: 'backing-off' },
};

/** A pause that is long enough to be seen. */
const TIMINGS = { ...DEFAULT_TIMINGS, changeWaitFactor: 9 };
const FULL_READ_AT = 10_000 + TIMINGS.maxAgeMs;
const after = (state: ActorState, message: ActorMessage, at: number, jitter = 0) =>
  transition(state, message, { at, now: at, jitter, timings: TIMINGS });
const dueOf = (state: ActorState) => wakeAt(state, TIMINGS);

describe('when an actor has to wake', () => {
  test.each<[string, ActorState, number | null]>([
    ['before it is started, never', INITIAL_STATE, null],
    ['idle, when its content is as old as it may be', idle, FULL_READ_AT],
    ['idle after a slow refresh, not before nine times as long', { ...idle, notBefore: 190_000 }, 190_000],
    ['changed, after nine times the last refresh', { ...idle, dirty: true }, 10_900],
    ['asked, a second after it was last asked', { ...idle, queuedCallers: [noCaller], manualFrom: 10_500 }, 10_500],
    ['asked while it backs off, likewise', { ...backingOff, queuedCallers: [noCaller], manualFrom: 10_500 }, 10_500],
    ['backing off, when that is over', backingOff, 11_000],
    ['refreshing, at the deadline', refreshing, 40_000],
    ['stopped, never', { ...idle, activity: { kind: 'stopped' } }, null],
  ])('%s', (_when, state, due) => {
    expect(dueOf(state)).toBe(due);
  });
});

describe('a transition', () => {
  test('does not alter the state that it is given', () => {
    const frozen = Object.freeze({ ...refreshing });
    expect(after(frozen, { kind: 'changed' }, 10_050).state).toEqual({ ...refreshing, dirty: true });
    expect(frozen.dirty).toBe(false);
  });

  test('that wakes too early does nothing', () => {
    expect(after(idle, { kind: 'woke' }, FULL_READ_AT - 1).effects).toEqual([]);
    expect(after(refreshing, { kind: 'woke' }, 39_999).effects).toEqual([]);
    expect(after(backingOff, { kind: 'woke' }, 10_999).effects).toEqual([]);
  });

  test('that wakes when something is due starts one refresh, numbered on', () => {
    const { state, effects } = after(idle, { kind: 'woke' }, FULL_READ_AT);
    expect(effects).toEqual([{ kind: 'load', refresh: 8, manual: false }]);
    expect(state.activity).toEqual({
      kind: 'refreshing',
      refresh: 8,
      startedAt: FULL_READ_AT,
      inFlightCallers: [],
    });
  });

  test('past the deadline cancels, tells and backs off, in that order', () => {
    const { state, effects } = after(refreshing, { kind: 'woke' }, 40_000, 0.5);
    expect(effects).toEqual([
      { kind: 'cancel' },
      { kind: 'status-changed' },
      { kind: 'answer', callers: [], outcome: { status: 'error', message: 'no answer within 30000 ms' } },
    ]);
    expect(state.failing).toEqual({
      since: 40_000,
      reason: 'no answer within 30000 ms',
      blame: 'silence',
      attempts: 1,
    });
    expect(state).toMatchObject({ activity: { kind: 'backing-off' }, notBefore: 40_750 });
  });

  test('publishes before it tells that all is well, and answers before the next refresh starts', () => {
    const asked = { ...backingOff, activity: refreshing.activity, queuedCallers: [noCaller] };
    expect(after(asked, { kind: 'loaded', refresh: 7, snapshot }, 10_100).effects).toEqual([
      { kind: 'publish', snapshot, manual: false },
      { kind: 'status-changed' },
      { kind: 'answer', callers: [], outcome: { status: 'ok' } },
      { kind: 'load', refresh: 8, manual: true },
    ]);
  });

  test.each<[string, ActorState]>([
    ['the pause after a slow refresh', { ...idle, notBefore: 190_000 }],
    ['back-off', backingOff],
  ])('because the feed fails or works again waits out no %s', (_what, state) => {
    const { state: next, effects } = after(state, { kind: 'feed-changed' }, 10_050);
    expect(effects).toEqual([{ kind: 'load', refresh: 8, manual: false }]);
    expect(next.failing).toEqual(state.failing);
  });

  test('because the feed fails or works again, during a refresh, is one more refresh after it', () => {
    const { state, effects } = after(refreshing, { kind: 'feed-changed' }, 10_050);
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ activity: refreshing.activity, dirty: true });
  });

  test('is nothing for the answer of a refresh that is not in flight', () => {
    for (const refresh of [6, 8]) {
      expect(after(refreshing, { kind: 'loaded', refresh, snapshot }, 10_100)).toEqual({
        state: refreshing,
        effects: [],
      });
      const failed = { kind: 'failed', refresh, failure: { reason: 'late', blame: 'source' } } as const;
      expect(after(refreshing, failed, 10_100)).toEqual({ state: refreshing, effects: [] });
    }
    expect(after(idle, { kind: 'loaded', refresh: 7, snapshot }, 10_100)).toEqual({ state: idle, effects: [] });
  });

  test('of a failure waits between half and the whole of the step, which is capped', () => {
    const failed = { kind: 'failed', refresh: 7, failure: { reason: 'no', blame: 'source' } } as const;
    const waits = [0, 1, 4, 5, 60, 2_000].flatMap((attempts) =>
      [0, 1].map((jitter) => {
        const before = { ...refreshing, failing: attempts === 0 ? null : { ...failing, attempts } };
        return after(before, failed, 10_000, jitter).state.notBefore - 10_000;
      }),
    );
    expect(waits).toEqual([500, 1_000, 1_000, 2_000, 8_000, 16_000, 15_000, 30_000, 15_000, 30_000, 15_000, 30_000]);
  });

  test('to stopped cancels the refresh in flight only where there is one', () => {
    const outcome = { status: 'error', message: 'the server is stopping' } as const;
    const answer = { kind: 'answer', callers: [], outcome } as const;
    expect(after(refreshing, { kind: 'stop' }, 10_100).effects).toEqual([{ kind: 'cancel' }, answer]);
    expect(after(idle, { kind: 'stop' }, 10_100).effects).toEqual([answer]);
  });
});
