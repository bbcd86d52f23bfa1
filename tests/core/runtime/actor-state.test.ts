import { describe, expect, test } from 'bun:test';
import {
  type ActorMessage,
  type ActorState,
  DEFAULT_TIMINGS,
  INITIAL_STATE,
  transition,
  wakeAt,
} from '../../../src/core/runtime/actor-state.ts';

const idle: ActorState = {
  ...INITIAL_STATE,
  data: 'live',
  dirty: false,
  refresh: 7,
  lastEndedAt: 10_000,
  lastTookMs: 100,
};
const refreshing: ActorState = {
  ...idle,
  activity: { kind: 'refreshing', refresh: 7, startedAt: 10_000, manual: false },
};
const backingOff: ActorState = {
  ...idle,
  data: 'stale',
  dirty: true,
  failures: 1,
  activity: { kind: 'backing-off', until: 11_000 },
};

/** Of what was read at 10 s. */
/** A pause that is long enough to be seen. */
const TIMINGS = { ...DEFAULT_TIMINGS, changeWaitFactor: 9 };
const FULL_READ_AT = 10_000 + TIMINGS.maxAgeMs;
const after = (state: ActorState, message: ActorMessage, at: number) => transition(state, message, at, TIMINGS);
const dueOf = (state: ActorState) => wakeAt(state, TIMINGS);

describe('when an actor has to wake', () => {
  test.each<[string, ActorState, number | null]>([
    ['before its first refresh, at once', INITIAL_STATE, Number.NEGATIVE_INFINITY],
    ['idle, when its content is as old as it may be', idle, FULL_READ_AT],
    ['idle after a slow refresh, not before nine times as long', { ...idle, lastTookMs: 20_000 }, 190_000],
    ['changed, after nine times the last refresh', { ...idle, dirty: true }, 10_900],
    ['asked, a second after it was last asked', { ...idle, awaited: true, lastManualAt: 9_500 }, 10_500],
    ['asked while it backs off, likewise', { ...backingOff, awaited: true, lastManualAt: 9_500 }, 10_500],
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
    expect(after(idle, { kind: 'woke', jitter: 0 }, FULL_READ_AT - 1).effects).toEqual([]);
    expect(after(refreshing, { kind: 'woke', jitter: 0 }, 39_999).effects).toEqual([]);
    expect(after(backingOff, { kind: 'woke', jitter: 0 }, 10_999).effects).toEqual([]);
  });

  test('that wakes when something is due starts one refresh, numbered on', () => {
    const { state, effects } = after(idle, { kind: 'woke', jitter: 0 }, FULL_READ_AT);
    expect(effects).toEqual([{ kind: 'load', refresh: 8, manual: false }]);
    expect(state.activity).toEqual({ kind: 'refreshing', refresh: 8, startedAt: FULL_READ_AT, manual: false });
  });

  test('past the deadline cancels, tells and backs off, in that order', () => {
    const { state, effects } = after(refreshing, { kind: 'woke', jitter: 0.5 }, 40_000);
    expect(effects).toEqual([
      { kind: 'cancel', refresh: 7 },
      { kind: 'failing', reason: 'no answer within 30000 ms', blame: 'silence', firstFailure: true },
      { kind: 'answer', error: 'no answer within 30000 ms' },
    ]);
    expect(state.activity).toEqual({ kind: 'backing-off', until: 40_750 });
  });

  test('publishes before it tells that all is well, and answers before the next refresh starts', () => {
    const asked = { ...refreshing, awaited: true, failures: 3 };
    expect(after(asked, { kind: 'loaded', refresh: 7 }, 10_100).effects).toEqual([
      { kind: 'publish', manual: false },
      { kind: 'live' },
      { kind: 'answer', error: null },
      { kind: 'load', refresh: 8, manual: true },
    ]);
  });

  test.each<[string, ActorState]>([
    ['the pause after a slow refresh', { ...idle, lastTookMs: 20_000 }],
    ['back-off', backingOff],
  ])('because the feed fails or works again waits out no %s', (_what, state) => {
    const { state: next, effects } = after(state, { kind: 'feed-changed' }, 10_050);
    expect(effects).toEqual([{ kind: 'load', refresh: 8, manual: false }]);
    expect(next.failures).toBe(state.failures);
  });

  test('because the feed fails or works again, during a refresh, is one more refresh after it', () => {
    const { state, effects } = after(refreshing, { kind: 'feed-changed' }, 10_050);
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ activity: refreshing.activity, dirty: true });
  });

  test('is nothing for the answer of a refresh that is not in flight', () => {
    for (const refresh of [6, 8]) {
      expect(after(refreshing, { kind: 'loaded', refresh }, 10_100)).toEqual({ state: refreshing, effects: [] });
      const failed = { kind: 'failed', refresh, reason: 'late', blame: 'source', jitter: 0 } as const;
      expect(after(refreshing, failed, 10_100)).toEqual({ state: refreshing, effects: [] });
    }
    expect(after(idle, { kind: 'loaded', refresh: 7 }, 10_100)).toEqual({ state: idle, effects: [] });
  });

  test('of a failure waits between half and the whole of the step, which is capped', () => {
    const waits = [0, 1, 4, 5, 60, 2_000].flatMap((failures) =>
      [0, 1].map((jitter) => {
        const failed = { kind: 'failed', refresh: 7, reason: 'no', blame: 'source', jitter } as const;
        const { activity } = after({ ...refreshing, failures }, failed, 10_000).state;
        return activity.kind === 'backing-off' ? activity.until - 10_000 : null;
      }),
    );
    expect(waits).toEqual([500, 1_000, 1_000, 2_000, 8_000, 16_000, 15_000, 30_000, 15_000, 30_000, 15_000, 30_000]);
  });

  test('to stopped cancels the refresh in flight only where there is one', () => {
    const answer = { kind: 'answer', error: 'the server is stopping' } as const;
    expect(after(refreshing, { kind: 'stop' }, 10_100).effects).toEqual([{ kind: 'cancel', refresh: 7 }, answer]);
    expect(after(idle, { kind: 'stop' }, 10_100).effects).toEqual([answer]);
  });
});
