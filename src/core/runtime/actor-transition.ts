import type { Instant } from '../figures/calendar.ts';
import {
  type Activity,
  type ActorState,
  type ActorTimings,
  type Caller,
  dataOf,
  type Refreshing,
  type RefreshOutcome,
} from './actor-state.ts';
import { backOffWait } from './back-off.ts';
import type { ElapsedMs } from './clock.ts';
import { type Failure, graver } from './failure.ts';
import type { Snapshot } from './snapshot.ts';

export type ActorMessage<Data = unknown> =
  | { readonly kind: 'start' }
  /** A table or collection that the feature reads has changed. */
  | { readonly kind: 'changed' }
  /** The feed began to fail, or recovered: the snapshot has to show it at once. */
  | { readonly kind: 'feed-changed' }
  | { readonly kind: 'requested'; readonly caller: Caller }
  /** The timer fired. Waking too early does nothing. */
  | { readonly kind: 'woke' }
  | { readonly kind: 'loaded'; readonly refresh: number; readonly snapshot: Snapshot<Data> }
  | { readonly kind: 'failed'; readonly refresh: number; readonly failure: Failure }
  | { readonly kind: 'stop' };

export type ActorEffect<Data = unknown> =
  | { readonly kind: 'load'; readonly refresh: number; readonly manual: boolean }
  /** Cancel the load in flight. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'publish'; readonly snapshot: Snapshot<Data>; readonly manual: boolean }
  /** Refreshes began to fail, fail for a graver reason, or work again. */
  | { readonly kind: 'status-changed' }
  | { readonly kind: 'answer'; readonly callers: readonly Caller[]; readonly outcome: RefreshOutcome };

/** What a transition needs besides state and message. */
export interface TransitionContext {
  readonly at: ElapsedMs;
  readonly now: Instant;
  /** From 0 to 1, for a back-off that starts now. */
  readonly jitter: number;
  readonly timings: ActorTimings;
}

export interface Transition<Data = unknown> {
  readonly state: ActorState<Data>;
  readonly effects: readonly ActorEffect<Data>[];
}

/**
 * When the actor has to wake if no message comes first; null before it is started and once it has stopped.
 *
 * While it refreshes that is the deadline. Callers wait neither for a pause nor for a back-off.
 */
export function wakeAt(state: ActorState, timings: ActorTimings): ElapsedMs | null {
  const { activity, dirty, notBefore, fullReadAt, manualFrom } = state;
  if (!isRunning(state)) return null;
  if (activity.kind === 'refreshing') return activity.startedAt + timings.deadlineMs;
  const due = dirty ? notBefore : Math.max(notBefore, fullReadAt);
  return state.queuedCallers.length > 0 ? Math.min(due, manualFrom) : due;
}

/** The life of an actor as a pure function: (state, message, context) → (state, effects). */
export function transition<Data>(
  state: ActorState<Data>,
  message: ActorMessage<Data>,
  context: TransitionContext,
): Transition<Data> {
  const { activity } = state;
  const ignored = { state, effects: [] };
  if (!isHandled(state, message.kind)) {
    return message.kind === 'requested' ? refuse(state, message.caller) : ignored;
  }
  switch (message.kind) {
    case 'start':
      return startRefresh(state, context);
    case 'changed':
      return startIfDue({ ...state, dirty: true }, context);
    case 'feed-changed':
      return startIfDue({ ...state, dirty: true, notBefore: context.at }, context);
    case 'requested':
      return startIfDue({ ...state, queuedCallers: [...state.queuedCallers, message.caller] }, context);
    case 'woke':
      return isLate(activity, context) ? timeOut(state, context) : startIfDue(state, context);
    case 'loaded':
      return isRefresh(activity, message.refresh) ? succeed(state, activity, message.snapshot, context) : ignored;
    case 'failed':
      return isRefresh(activity, message.refresh) ? fail(state, message.failure, context) : ignored;
    case 'stop':
      return stop(state);
  }
}

function isRunning({ refresh, activity }: ActorState): boolean {
  return refresh > 0 && activity.kind !== 'stopped';
}

/** An actor starts once and stops for good. Other messages count only in between. */
function isHandled(state: ActorState, kind: ActorMessage['kind']): boolean {
  const isStopped = state.activity.kind === 'stopped';
  if (kind === 'stop') return !isStopped;
  return kind === 'start' ? !isStopped && state.refresh === 0 : isRunning(state);
}

function isRefresh(activity: Activity, refresh: number): activity is Refreshing {
  return activity.kind === 'refreshing' && activity.refresh === refresh;
}

function isLate(activity: Activity, { at, timings }: TransitionContext): boolean {
  return activity.kind === 'refreshing' && at >= activity.startedAt + timings.deadlineMs;
}

function startIfDue<Data>(
  state: ActorState<Data>,
  context: TransitionContext,
  effects: readonly ActorEffect<Data>[] = [],
): Transition<Data> {
  const due = wakeAt(state, context.timings);
  if (state.activity.kind === 'refreshing' || due === null || due > context.at) return { state, effects };
  const started = startRefresh(state, context);
  return { state: started.state, effects: [...effects, ...started.effects] };
}

function startRefresh<Data>(state: ActorState<Data>, { at, timings }: TransitionContext): Transition<Data> {
  const refresh = state.refresh + 1;
  const manual = state.queuedCallers.length > 0;
  return {
    state: {
      ...state,
      activity: { kind: 'refreshing', refresh, startedAt: at, inFlightCallers: state.queuedCallers },
      queuedCallers: [],
      dirty: false,
      manualFrom: manual ? at + timings.manualIntervalMs : state.manualFrom,
      refresh,
    },
    effects: [{ kind: 'load', refresh, manual }],
  };
}

function succeed<Data>(
  state: ActorState<Data>,
  { startedAt, inFlightCallers: callers }: Refreshing,
  snapshot: Snapshot<Data>,
  context: TransitionContext,
): Transition<Data> {
  const { at, timings } = context;
  const tookMs = at - startedAt;
  const ended: ActorState<Data> = {
    ...state,
    snapshot,
    failing: null,
    activity: { kind: 'idle' },
    notBefore: at + tookMs * timings.changeWaitFactor,
    fullReadAt: at + timings.maxAgeMs,
    lastRefreshMs: tookMs,
  };
  return startIfDue(ended, context, [
    { kind: 'publish', snapshot, manual: callers.length > 0 },
    ...(dataOf(state) === 'live' ? [] : [STATUS_CHANGED]),
    { kind: 'answer', callers, outcome: { status: 'ok' } },
  ]);
}

function fail<Data>(state: ActorState<Data>, failure: Failure, context: TransitionContext): Transition<Data> {
  const { snapshot, failing: before } = state;
  const { reason } = failure;
  const since = before?.since ?? failure.since ?? context.now;
  const blame = graver(before?.blame, failure.blame);
  const attempts = before?.attempts ?? 0;
  const ended: ActorState<Data> = {
    ...state,
    snapshot: snapshot && stale(snapshot, since, reason),
    failing: { since, reason, blame, attempts: attempts + 1 },
    activity: { kind: 'backing-off' },
    dirty: true,
    notBefore: context.at + backOffWait(attempts, context.jitter, context.timings),
  };
  return startIfDue(ended, context, [
    ...(blame === before?.blame ? [] : [STATUS_CHANGED]),
    answerError(inFlightCallers(state), reason),
  ]);
}

/** A snapshot that was stale before, such as a restored one, has been stale since then. */
function stale<Data>(snapshot: Snapshot<Data>, failingSince: Instant, reason: string): Snapshot<Data> {
  const { freshness } = snapshot;
  const since = freshness.status === 'stale' ? freshness.since : failingSince;
  return { ...snapshot, freshness: { status: 'stale', since, reason } };
}

function timeOut<Data>(state: ActorState<Data>, context: TransitionContext): Transition<Data> {
  const reason = `no answer within ${context.timings.deadlineMs} ms`;
  const failed = fail(state, { reason, blame: 'silence' }, context);
  return { state: failed.state, effects: [CANCEL, ...failed.effects] };
}

function refuse<Data>(state: ActorState<Data>, caller: Caller): Transition<Data> {
  return { state, effects: [answerError([caller], 'the feature is not running')] };
}

function stop<Data>(state: ActorState<Data>): Transition<Data> {
  const answer = answerError([...inFlightCallers(state), ...state.queuedCallers], 'the server is stopping');
  return {
    state: { ...state, activity: { kind: 'stopped' }, queuedCallers: [] },
    effects: state.activity.kind === 'refreshing' ? [CANCEL, answer] : [answer],
  };
}

const CANCEL: ActorEffect<never> = { kind: 'cancel' };
const STATUS_CHANGED: ActorEffect<never> = { kind: 'status-changed' };

function answerError(callers: readonly Caller[], message: string): ActorEffect<never> {
  return { kind: 'answer', callers, outcome: { status: 'error', message } };
}

function inFlightCallers({ activity }: ActorState): readonly Caller[] {
  return activity.kind === 'refreshing' ? activity.inFlightCallers : [];
}
