import { describe, expect, test } from 'bun:test';
import { INITIAL_OUTLET, type OutletState, type PassFailure } from '../../../src/core/outlets/outlet-state.ts';
import {
  nextPassAt,
  type OutletEffect,
  type OutletMessage,
  outletTransition,
  outletWakeAt,
} from '../../../src/core/outlets/outlet-transition.ts';

const TIMINGS = { backOffMs: 1_000, backOffMaxMs: 60_000, passWithinMs: 10_000, jobWithinMs: 30_000 };
const NOW = Date.UTC(2026, 2, 31, 12);

interface Step {
  readonly at: number;
  readonly message: OutletMessage;
  readonly pacingMs?: number;
}

/** Runs messages from the initial state. */
function after(...steps: readonly Step[]): { readonly state: OutletState; readonly effects: readonly OutletEffect[] } {
  let state = INITIAL_OUTLET;
  let effects: readonly OutletEffect[] = [];
  for (const { at, message, pacingMs = 0 } of steps) {
    const context = { at, now: NOW + at, jitter: 1, timings: TIMINGS, pacingMs };
    ({ state, effects } = outletTransition(state, message, context));
  }
  return { state, effects };
}

const START: Step = { at: 0, message: { kind: 'start', automaticInMs: 0, targetInMs: 0 } };
const observed = (at: number, waiting: number): Step => ({ at, message: { kind: 'observed', waiting } });
const requested = (at: number, job: string): Step => ({ at, message: { kind: 'requested', job } });
const woke = (at: number): Step => ({ at, message: { kind: 'woke' } });
const delivered = (at: number, pass = 1, waiting = 0, pacingMs = 0): Step => ({
  ...{ at, pacingMs },
  message: { kind: 'delivered', pass, waiting, nextPassInMs: 5_000 },
});
const failed = (at: number, failure: Partial<PassFailure> = {}, pass = 1, pacingMs = 0): Step => ({
  ...{ at, pacingMs },
  message: { kind: 'failed', pass, failure: { kind: 'later', reason: 'cut', afterMs: null, ...failure } },
});
const kindsOf = (effects: readonly OutletEffect[]) => effects.map(({ kind }) => kind);

describe('when a pass starts', () => {
  test.each<[string, readonly Step[], number | null]>([
    ['nothing waits', [START], null],
    ['it was not started', [observed(0, 1)], null],
    ['it was delivered', [START, observed(0, 1), delivered(100)], null],
    ['more waits after a pass', [START, observed(0, 1), delivered(100, 1, 2)], 5_100],
    ['the pacing is longer than the pause', [START, observed(0, 1), delivered(100, 1, 2, 9_000)], 9_100],
    ['a pass failed', [START, observed(0, 1), failed(100)], 1_100],
    ['the target asks for longer', [START, observed(0, 1), failed(100, { afterMs: 70_000 })], 70_100],
    ['the target asks for less', [START, observed(0, 1), failed(100, { afterMs: 10 })], 1_100],
    ['a pass failed and the pacing is longer', [START, observed(0, 1), failed(100, {}, 1, 9_000)], 9_100],
    ['it was refused', [START, observed(0, 1), failed(100, { kind: 'refused' })], null],
    ['the month is spent', [START, observed(0, 1), failed(100, { kind: 'budget-spent', afterMs: 1e9 })], 1e9 + 100],
    ['it was stopped', [START, observed(0, 1), failed(100), { at: 200, message: { kind: 'stop' } }], null],
    [
      'a restart has not ended the pause',
      [{ at: 0, message: { kind: 'start', automaticInMs: 300, targetInMs: 0 } }, observed(0, 1)],
      300,
    ],
    [
      'a restart has not ended what the target asked for, and a person asks',
      [{ at: 0, message: { kind: 'start', automaticInMs: 0, targetInMs: 400 } }, requested(0, 'a')],
      400,
    ],
  ])('%s', (_, steps, expected) => {
    expect(nextPassAt(after(...steps).state)).toBe(expected);
  });

  test('at once if something waits, and its deadline is the next wake', () => {
    const { state, effects } = after(START, observed(100, 1));
    expect(effects).toEqual([
      { kind: 'status-changed' },
      { kind: 'deliver', pass: 1, isRequested: false },
      { kind: 'status-changed' },
    ]);
    expect(outletWakeAt(state, TIMINGS)).toBe(10_100);
  });

  test('waking early does nothing', () => {
    const { effects } = after(START, observed(0, 1), failed(100), woke(1_099));
    expect(effects).toEqual([]);
    expect(kindsOf(after(START, observed(0, 1), failed(100), woke(1_100)).effects)).toContain('deliver');
  });

  test('waits double up to the longest', () => {
    const steps: Step[] = [START, observed(0, 1)];
    const waits: number[] = [];
    for (let pass = 1; pass <= 8; pass++) {
      const at = pass * 100_000;
      steps.push(woke(at), failed(at, {}, pass));
      waits.push((nextPassAt(after(...steps).state) ?? 0) - at);
    }
    // The first pass has started at 0: the deadline ends it.
    expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  });
});

describe('a pass that takes too long', () => {
  const late = after(START, observed(0, 1), woke(10_000));

  test('is cancelled and has failed', () => {
    expect(kindsOf(late.effects)).toEqual(['cancel', 'status-changed']);
    expect(late.state.failing).toEqual({
      since: NOW + 10_000,
      reason: 'the target was not up to date within 10 s',
      passes: 1,
    });
    expect(late.state.activity.kind).toBe('backing-off');
  });

  test.each([delivered(10_001), failed(10_001)])('its late end is ignored: %o', (step) => {
    const { state, effects } = after(START, observed(0, 1), woke(10_000), step);
    expect(effects).toEqual([]);
    expect(state).toEqual(late.state);
  });

  test('its late end is ignored during the next pass too', () => {
    const { state, effects } = after(START, observed(0, 1), woke(10_000), woke(11_000), delivered(11_001, 1));
    expect(effects).toEqual([]);
    expect(state.activity).toMatchObject({ kind: 'delivering', pass: 2 });
  });
});

describe('a job', () => {
  test('starts a pass at once, and is done with it', () => {
    const { state, effects } = after(START, observed(0, 1), delivered(100), requested(200, 'a'));
    expect(effects).toEqual([
      { kind: 'jobs-started', jobs: ['a'] },
      { kind: 'deliver', pass: 2, isRequested: true },
      { kind: 'status-changed' },
    ]);
    expect(state.queued).toEqual([]);
    const end = after(START, observed(0, 1), delivered(100), requested(200, 'a'), delivered(300, 2));
    expect(end.effects[0]).toEqual({ kind: 'jobs-ended', jobs: ['a'], failure: null });
  });

  test('during a pass waits for the next one, which serves all that were requested', () => {
    const steps = [START, requested(0, 'a'), requested(10, 'b'), requested(20, 'c')];
    expect(after(...steps).state.queued).toEqual(['b', 'c']);
    const { effects } = after(...steps, delivered(100));
    expect(effects).toContainEqual({ kind: 'jobs-ended', jobs: ['a'], failure: null });
    expect(effects).toContainEqual({ kind: 'jobs-started', jobs: ['b', 'c'] });
    expect(effects.filter(({ kind }) => kind === 'deliver')).toHaveLength(1);
  });

  test('is tried again with back-off while that is within its bound', () => {
    const once = after(START, requested(0, 'a'), failed(100));
    expect(once.effects).toEqual([{ kind: 'status-changed' }]);
    expect(once.state.retrying).toEqual([{ id: 'a', startedAt: 0 }]);
    expect(nextPassAt(once.state)).toBe(1_100);
    const long = after(START, requested(0, 'a'), failed(100, { afterMs: 29_901 }));
    expect(long.effects).toContainEqual({ kind: 'jobs-ended', jobs: ['a'], failure: 'cut' });
    expect(after(START, requested(0, 'a'), failed(100, { afterMs: 29_900 })).state.retrying).toHaveLength(1);
  });

  test.each(['refused', 'budget-spent'] as const)('fails at once if the pass is %s', (kind) => {
    const { state, effects } = after(START, requested(0, 'a'), failed(100, { kind, reason: 'no' }));
    expect(effects).toContainEqual({ kind: 'jobs-ended', jobs: ['a'], failure: 'no' });
    expect(state.activity.kind).toBe(kind);
  });

  test('ends neither a wait that the target asked for, nor its own back-off', () => {
    const { state } = after(START, observed(0, 1), failed(100, { afterMs: 70_000 }), requested(200, 'a'));
    expect(nextPassAt(state)).toBe(70_100);
  });

  test('does not wait for the back-off of passes that nobody asked for, nor for a pause or a refusal', () => {
    for (const end of [failed(100), failed(100, { kind: 'refused' }), delivered(100)]) {
      const { effects } = after(START, observed(0, 1), end, requested(200, 'a'));
      expect(kindsOf(effects)).toContain('deliver');
    }
  });

  test('after a refusal that becomes a failure is followed by automatic passes again', () => {
    const refused = [START, observed(0, 1), failed(100, { kind: 'refused' })];
    const { state } = after(...refused, requested(200, 'a'), failed(300, { kind: 'later' }, 2));
    expect(nextPassAt(state)).toBe(2_300);
  });
});

describe('the status changes', () => {
  test('when the first feature waits and when none waits any more, not in between', () => {
    const steps = [START, observed(0, 1), delivered(100)];
    expect(kindsOf(after(...steps, observed(200, 1)).effects)).toEqual(['status-changed']);
    expect(after(...steps, observed(200, 1), observed(201, 2)).effects).toEqual([]);
    expect(kindsOf(after(...steps, observed(200, 1), observed(201, 0)).effects)).toEqual(['status-changed']);
  });
});

describe('a stop', () => {
  test('cancels the pass in flight; nothing happens after it', () => {
    const steps: Step[] = [START, observed(0, 1), { at: 100, message: { kind: 'stop' } }];
    const { state, effects } = after(...steps);
    expect(kindsOf(effects)).toEqual(['cancel', 'status-changed']);
    for (const step of [delivered(200), failed(200), woke(200), observed(200, 3), requested(200, 'a'), START]) {
      expect(after(...steps, step)).toEqual({ state, effects: [] });
    }
  });
});
