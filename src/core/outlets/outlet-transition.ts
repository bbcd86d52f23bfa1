import type { Instant } from '../figures/calendar.ts';
import { backOffWait } from '../runtime/back-off.ts';
import type { ElapsedMs } from '../runtime/clock.ts';
import type { Delivering, OutletState, OutletTimings, PassFailure, StartedJob } from './outlet-state.ts';

export type OutletMessage =
  /** Waits that a restart does not end, ms. */
  | { readonly kind: 'start'; readonly automaticInMs: number; readonly targetInMs: number }
  /** So many features or notifications are not delivered yet. */
  | { readonly kind: 'observed'; readonly waiting: number }
  | { readonly kind: 'requested'; readonly job: string }
  /** The timer fired. Waking too early does nothing. */
  | { readonly kind: 'woke' }
  | { readonly kind: 'delivered'; readonly pass: number; readonly waiting: number; readonly nextPassInMs: number }
  | { readonly kind: 'failed'; readonly pass: number; readonly failure: PassFailure }
  | { readonly kind: 'stop' };

export type OutletEffect =
  | { readonly kind: 'deliver'; readonly pass: number; readonly isRequested: boolean }
  /** Abort the pass in flight. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'jobs-started'; readonly jobs: readonly string[] }
  | { readonly kind: 'jobs-ended'; readonly jobs: readonly string[]; readonly failure: string | null }
  | { readonly kind: 'status-changed' };

/** What a transition needs besides state and message. */
export interface OutletContext {
  readonly at: ElapsedMs;
  readonly now: Instant;
  /** From 0 to 1, for a back-off that starts now. */
  readonly jitter: number;
  readonly timings: OutletTimings;
  /** The pause after a pass that ends now, so that the month's requests last, ms. */
  readonly pacingMs: number;
}

export interface OutletTransition {
  readonly state: OutletState;
  readonly effects: readonly OutletEffect[];
}

/** When the next pass starts if nothing else happens; null if none does. */
export function nextPassAt(state: OutletState): ElapsedMs | null {
  const { activity, waiting, queued, retrying, automaticFrom, retryFrom, targetFrom, isStarted } = state;
  if (!isStarted || activity.kind === 'stopped' || activity.kind === 'delivering') return null;
  const due = [
    ...(queued.length > 0 ? [targetFrom] : []),
    ...(retrying.length > 0 ? [Math.max(retryFrom, targetFrom)] : []),
    ...(waiting > 0 && activity.kind !== 'refused' ? [Math.max(automaticFrom, retryFrom, targetFrom)] : []),
  ];
  return due.length === 0 ? null : Math.min(...due);
}

/** When the actor has to wake if no message comes first: for the next pass, or the deadline of the one in flight. */
export function outletWakeAt(state: OutletState, { passWithinMs }: OutletTimings): ElapsedMs | null {
  return state.activity.kind === 'delivering' ? state.activity.startedAt + passWithinMs : nextPassAt(state);
}

/** The life of an outlet as a pure function: (state, message, context) → (state, effects). */
export function outletTransition(state: OutletState, message: OutletMessage, context: OutletContext): OutletTransition {
  const { activity } = state;
  const ignored = { state, effects: [] };
  if (activity.kind === 'stopped') return ignored;
  switch (message.kind) {
    case 'start':
      return state.isStarted ? ignored : startIfDue(started(state, message, context), context);
    case 'observed':
      return observe(state, message.waiting, context);
    case 'requested':
      return startIfDue({ ...state, queued: [...state.queued, message.job] }, context);
    case 'woke':
      return activity.kind === 'delivering' && context.at >= activity.startedAt + context.timings.passWithinMs
        ? timeOut(state, context)
        : startIfDue(state, context);
    case 'delivered':
      return isPass(state, message.pass) ? succeed(state, message, context) : ignored;
    case 'failed':
      return isPass(state, message.pass) ? fail(state, message.failure, context) : ignored;
    case 'stop':
      return {
        state: { ...state, activity: { kind: 'stopped' } },
        effects: [...(activity.kind === 'delivering' ? [CANCEL] : []), STATUS_CHANGED],
      };
  }
}

const CANCEL: OutletEffect = { kind: 'cancel' };
const STATUS_CHANGED: OutletEffect = { kind: 'status-changed' };

function isPass({ activity }: OutletState, pass: number): boolean {
  return activity.kind === 'delivering' && activity.pass === pass;
}

function jobsInFlight({ activity }: OutletState): readonly StartedJob[] {
  return activity.kind === 'delivering' ? activity.jobs : [];
}

function started(
  state: OutletState,
  { automaticInMs, targetInMs }: Extract<OutletMessage, { kind: 'start' }>,
  { at }: OutletContext,
): OutletState {
  return { ...state, isStarted: true, automaticFrom: at + automaticInMs, targetFrom: at + targetInMs };
}

/** Only the first waiting feature and the last delivered one change the status. */
function observe(state: OutletState, waiting: number, context: OutletContext): OutletTransition {
  const isNews = state.activity.kind === 'idle' && waiting > 0 !== state.waiting > 0;
  return startIfDue({ ...state, waiting }, context, isNews ? [STATUS_CHANGED] : []);
}

function startIfDue(
  state: OutletState,
  context: OutletContext,
  effects: readonly OutletEffect[] = [],
): OutletTransition {
  const due = nextPassAt(state);
  if (due === null || due > context.at) return { state, effects };
  const pass = state.pass + 1;
  const jobs = [...state.retrying, ...state.queued.map((id) => ({ id, startedAt: context.at }))];
  const activity: Delivering = { kind: 'delivering', pass, startedAt: context.at, jobs };
  return {
    state: { ...state, activity, pass, queued: [], retrying: [] },
    effects: [
      ...effects,
      ...(state.queued.length > 0 ? [{ kind: 'jobs-started' as const, jobs: state.queued }] : []),
      { kind: 'deliver', pass, isRequested: jobs.length > 0 },
      STATUS_CHANGED,
    ],
  };
}

function succeed(
  state: OutletState,
  { waiting, nextPassInMs }: Extract<OutletMessage, { kind: 'delivered' }>,
  context: OutletContext,
): OutletTransition {
  const { at, now, pacingMs } = context;
  const ended: OutletState = {
    ...state,
    activity: { kind: 'idle' },
    waiting,
    failing: null,
    lastSuccess: now,
    automaticFrom: at + Math.max(nextPassInMs, pacingMs),
    retryFrom: at,
    targetFrom: at,
  };
  return startIfDue(ended, context, [...endJobs(jobsInFlight(state), null), STATUS_CHANGED]);
}

const ACTIVITIES = { refused: 'refused', 'budget-spent': 'budget-spent', later: 'backing-off' } as const;

function fail(state: OutletState, failure: PassFailure, context: OutletContext): OutletTransition {
  const { at, now, pacingMs, jitter, timings } = context;
  const { kind, reason, afterMs } = failure;
  const before = state.failing;
  const wait = Math.max(backOffWait(before?.passes ?? 0, jitter, timings), afterMs ?? 0);
  const isTried = (job: StartedJob) => kind === 'later' && at + wait <= job.startedAt + timings.jobWithinMs;
  const { tried = [], given = [] } = Object.groupBy(jobsInFlight(state), (job) => (isTried(job) ? 'tried' : 'given'));
  const ended: OutletState = {
    ...state,
    activity: { kind: ACTIVITIES[kind] },
    retrying: tried,
    failing: { since: before?.since ?? now, reason, passes: (before?.passes ?? 0) + 1 },
    automaticFrom: at + pacingMs,
    retryFrom: at + wait,
    // A new job of a month whose requests are spent fails at once: nobody waits for weeks.
    targetFrom: kind === 'later' ? at + (afterMs ?? 0) : at,
  };
  return startIfDue(ended, context, [...endJobs(given, reason), STATUS_CHANGED]);
}

function timeOut(state: OutletState, context: OutletContext): OutletTransition {
  const seconds = Math.round(context.timings.passWithinMs / 1_000);
  const reason = `the target was not up to date within ${seconds} s`;
  const failed = fail(state, { kind: 'later', reason, afterMs: null }, context);
  return { state: failed.state, effects: [CANCEL, ...failed.effects] };
}

function endJobs(jobs: readonly StartedJob[], failure: string | null): OutletEffect[] {
  return jobs.length === 0 ? [] : [{ kind: 'jobs-ended', jobs: jobs.map(({ id }) => id), failure }];
}
