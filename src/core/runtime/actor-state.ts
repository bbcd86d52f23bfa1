import { type BackOff, USUAL_BACK_OFF } from './back-off.ts';
import type { ElapsedMs } from './clock.ts';
import type { Failing } from './failure.ts';
import type { Snapshot } from './snapshot.ts';

export interface ActorTimings extends BackOff {
  /** A refresh starts at least this often, even if nothing changed; less often only if the pause before it is longer. */
  readonly maxAgeMs: number;
  /** A refresh that takes longer has failed. */
  readonly deadlineMs: number;
  /** Refreshes that callers ask for start at most this often. */
  readonly manualIntervalMs: number;
  /** The pause after a refresh is this many times as long as the refresh took. */
  readonly changeWaitFactor: number;
}

export const DEFAULT_TIMINGS: ActorTimings = {
  maxAgeMs: 10_000,
  deadlineMs: 30_000,
  ...USUAL_BACK_OFF,
  manualIntervalMs: 1_000,
  changeWaitFactor: 1,
};

export type RefreshOutcome = { readonly status: 'ok' } | { readonly status: 'error'; readonly message: string };

/** Receives the outcome of the refresh it asked for, once. */
export type Caller = (outcome: RefreshOutcome) => void;

export interface Refreshing {
  readonly kind: 'refreshing';
  readonly refresh: number;
  readonly startedAt: ElapsedMs;
  /** Callers that this refresh answers. It is manual if there are any. */
  readonly inFlightCallers: readonly Caller[];
}

export type Activity = Refreshing | { readonly kind: 'idle' | 'backing-off' | 'stopped' };

/**
 * Refreshes fail since then, the last one for this reason. The blame is the gravest since then: a lost source is not back
 * when the next refresh fails for a milder reason.
 */
export interface FailingRefreshes extends Failing {
  readonly attempts: number;
}

/**
 * All that an actor knows, on two axes: *data* (`none`, `live`, `stale`, see `dataOf`) and *activity*. The mailbox
 * coalesces: any number of changes is one dirty flag, any number of callers one refresh.
 */
export interface ActorState<Data = unknown> {
  /** The latest snapshot; stale while refreshes fail, and from a restart until the first refresh. */
  readonly snapshot: Snapshot<Data> | undefined;
  readonly failing: FailingRefreshes | null;
  readonly activity: Activity;
  /** Callers that the next refresh answers. */
  readonly queuedCallers: readonly Caller[];
  /** Something changed since the last refresh started. */
  readonly dirty: boolean;
  /** End of the pause or back-off: without callers no refresh starts earlier. */
  readonly notBefore: ElapsedMs;
  /** When the next refresh starts even if nothing changed. */
  readonly fullReadAt: ElapsedMs;
  /** When callers may start the next refresh. */
  readonly manualFrom: ElapsedMs;
  /** Number of the last refresh; 0 before the actor is started. */
  readonly refresh: number;
  /** How long the last successful refresh took. */
  readonly lastRefreshMs: number | null;
}

/** Not started yet. */
export const INITIAL_STATE: ActorState<never> = {
  snapshot: undefined,
  failing: null,
  activity: { kind: 'idle' },
  queuedCallers: [],
  dirty: true,
  notBefore: Number.NEGATIVE_INFINITY,
  fullReadAt: Number.NEGATIVE_INFINITY,
  manualFrom: Number.NEGATIVE_INFINITY,
  refresh: 0,
  lastRefreshMs: null,
};

export function dataOf({ snapshot }: ActorState): 'none' | 'live' | 'stale' {
  return snapshot?.freshness.status ?? 'none';
}
