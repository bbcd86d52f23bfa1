import { type BackOff, backOffWait, USUAL_BACK_OFF } from './back-off.ts';
import type { Failure } from './failure.ts';

/**
 * The life of an actor as a pure function: (state, message, moment) → (state, effects).
 *
 * Two axes, not one word. *Data* says what there is to serve (`none`, `live`, `stale`); *activity* says what the actor
 * is doing. The mailbox coalesces: any number of changes is one dirty flag, any number of callers one refresh.
 *
 * Moments are milliseconds of `Clock.elapsed`, which the wall clock cannot move.
 */
export type Moment = number;

export interface ActorTimings extends BackOff {
  /**
   * A full read happens at least this often, though nothing seems to have changed; less often only where the pause after
   * a slow refresh is longer.
   */
  readonly maxAgeMs: number;
  /** A refresh that takes longer has failed. */
  readonly deadlineMs: number;
  /** Refreshes that callers ask for start at most this often. */
  readonly manualIntervalMs: number;
  /** A refresh because of changes waits this many times as long as the last refresh took. */
  readonly changeWaitFactor: number;
}

export const DEFAULT_TIMINGS: ActorTimings = {
  maxAgeMs: 10_000,
  deadlineMs: 30_000,
  ...USUAL_BACK_OFF,
  manualIntervalMs: 1_000,
  changeWaitFactor: 1,
};

export type Activity =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'refreshing';
      readonly refresh: number;
      readonly startedAt: Moment;
      readonly manual: boolean;
    }
  | { readonly kind: 'backing-off'; readonly until: Moment }
  | { readonly kind: 'stopped' };

export interface ActorState {
  readonly data: 'none' | 'live' | 'stale';
  readonly activity: Activity;
  /** Something changed since the last refresh started. */
  readonly dirty: boolean;
  /** Somebody waits for the next refresh. */
  readonly awaited: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** Number of the last refresh that was started. */
  readonly refresh: number;
  readonly lastEndedAt: Moment;
  readonly lastTookMs: number;
  readonly lastManualAt: Moment;
}

export type ActorMessage =
  /** A watched table or collection changed. */
  | { readonly kind: 'changed' }
  /** The feed fails, or works again: what is served has to say so at once. */
  | { readonly kind: 'feed-changed' }
  /** A caller wants a refresh now. */
  | { readonly kind: 'requested' }
  /** The timer went off. Also sent when it may have: waking too early does nothing. */
  | { readonly kind: 'woke'; readonly jitter: number }
  | { readonly kind: 'loaded'; readonly refresh: number }
  | ({ readonly kind: 'failed'; readonly refresh: number; readonly jitter: number } & Failure)
  | { readonly kind: 'stop' };

export type ActorEffect =
  | { readonly kind: 'load'; readonly refresh: number; readonly manual: boolean }
  | { readonly kind: 'cancel'; readonly refresh: number }
  /** The content of the refresh is the newest: publish it. */
  | { readonly kind: 'publish'; readonly manual: boolean }
  | ({ readonly kind: 'failing'; readonly firstFailure: boolean } & Failure)
  /** There is live data now, and there was none before. */
  | { readonly kind: 'live' }
  /** Tell those who wait for the refresh in flight. */
  | { readonly kind: 'answer'; readonly error: string | null };

export interface Transition {
  readonly state: ActorState;
  readonly effects: readonly ActorEffect[];
}

/** An actor that has not begun: its first refresh is due at once. */
export const INITIAL_STATE: ActorState = {
  data: 'none',
  activity: { kind: 'idle' },
  dirty: true,
  awaited: false,
  failures: 0,
  refresh: 0,
  lastEndedAt: Number.NEGATIVE_INFINITY,
  lastTookMs: 0,
  lastManualAt: Number.NEGATIVE_INFINITY,
};

/**
 * When the actor has to wake at the latest, if nothing else happens; null once it has stopped.
 *
 * While it refreshes that is the deadline. A caller does not wait for back-off or for the pause between changes.
 */
export function wakeAt(state: ActorState, timings: ActorTimings): Moment | null {
  const { activity } = state;
  if (activity.kind === 'stopped') return null;
  if (activity.kind === 'refreshing') return activity.startedAt + timings.deadlineMs;
  const manual = state.awaited ? state.lastManualAt + timings.manualIntervalMs : Number.POSITIVE_INFINITY;
  if (activity.kind === 'backing-off') return Math.min(activity.until, manual);
  const pause = state.lastTookMs * timings.changeWaitFactor;
  return Math.min(state.lastEndedAt + (state.dirty ? pause : Math.max(pause, timings.maxAgeMs)), manual);
}

export function transition(state: ActorState, message: ActorMessage, at: Moment, timings: ActorTimings): Transition {
  if (state.activity.kind === 'stopped') return { state, effects: [] };
  switch (message.kind) {
    case 'changed':
      return startIfDue({ ...state, dirty: true }, at, timings);
    case 'feed-changed':
      return startIfDue({ ...restless(state), dirty: true }, at, timings);
    case 'requested':
      return startIfDue({ ...state, awaited: true }, at, timings);
    case 'woke':
      return wake(state, message.jitter, at, timings);
    case 'loaded':
      return isInFlight(state, message.refresh) ? succeed(state, at, timings) : { state, effects: [] };
    case 'failed':
      return isInFlight(state, message.refresh) ? fail(state, message, at, timings) : { state, effects: [] };
    case 'stop':
      return stop(state);
  }
}

/** Neither a pause nor a back-off is waited out. */
function restless(state: ActorState): ActorState {
  return state.activity.kind === 'backing-off'
    ? { ...state, activity: { kind: 'idle' }, lastTookMs: 0 }
    : { ...state, lastTookMs: 0 };
}

function isInFlight({ activity }: ActorState, refresh: number): boolean {
  return activity.kind === 'refreshing' && activity.refresh === refresh;
}

function startIfDue(state: ActorState, at: Moment, timings: ActorTimings): Transition {
  const due = wakeAt(state, timings);
  if (state.activity.kind === 'refreshing' || due === null || due > at) return { state, effects: [] };
  const refresh = state.refresh + 1;
  return {
    state: {
      ...state,
      activity: { kind: 'refreshing', refresh, startedAt: at, manual: state.awaited },
      refresh,
      dirty: false,
      awaited: false,
      lastManualAt: state.awaited ? at : state.lastManualAt,
    },
    effects: [{ kind: 'load', refresh, manual: state.awaited }],
  };
}

function wake(state: ActorState, jitter: number, at: Moment, timings: ActorTimings): Transition {
  const { activity } = state;
  if (activity.kind !== 'refreshing') return startIfDue(state, at, timings);
  if (at < activity.startedAt + timings.deadlineMs) return { state, effects: [] };
  const reason = `no answer within ${timings.deadlineMs} ms`;
  const { state: next, effects } = fail(state, { reason, blame: 'silence', jitter }, at, timings);
  return { state: next, effects: [{ kind: 'cancel', refresh: activity.refresh }, ...effects] };
}

function succeed(state: ActorState, at: Moment, timings: ActorTimings): Transition {
  const { activity } = state;
  if (activity.kind !== 'refreshing') return { state, effects: [] };
  const ended: ActorState = {
    ...state,
    data: 'live',
    activity: { kind: 'idle' },
    failures: 0,
    lastEndedAt: at,
    lastTookMs: at - activity.startedAt,
  };
  const live: ActorEffect[] = state.failures > 0 || state.data === 'none' ? [{ kind: 'live' }] : [];
  const done: ActorEffect[] = [{ kind: 'publish', manual: activity.manual }, ...live, { kind: 'answer', error: null }];
  const next = startIfDue(ended, at, timings);
  return { state: next.state, effects: [...done, ...next.effects] };
}

function fail(
  state: ActorState,
  { reason, blame, since, jitter }: Failure & { readonly jitter: number },
  at: Moment,
  timings: ActorTimings,
): Transition {
  const wait = backOffWait(state.failures, jitter, timings);
  const ended: ActorState = {
    ...state,
    data: state.data === 'none' ? 'none' : 'stale',
    activity: { kind: 'backing-off', until: at + wait },
    dirty: true,
    failures: state.failures + 1,
    lastEndedAt: at,
  };
  const effects: ActorEffect[] = [
    { kind: 'failing', reason, blame, ...(since === undefined ? {} : { since }), firstFailure: state.failures === 0 },
    { kind: 'answer', error: reason },
  ];
  const next = startIfDue(ended, at, timings);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

function stop(state: ActorState): Transition {
  const { activity } = state;
  const cancel: ActorEffect[] = activity.kind === 'refreshing' ? [{ kind: 'cancel', refresh: activity.refresh }] : [];
  return {
    state: { ...state, activity: { kind: 'stopped' }, awaited: false },
    effects: [...cancel, { kind: 'answer', error: 'the server is stopping' }],
  };
}
