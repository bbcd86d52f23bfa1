import type { Instant } from '../figures/calendar.ts';
import type { BackOff } from '../runtime/back-off.ts';
import type { ElapsedMs } from '../runtime/clock.ts';

export interface OutletTimings extends BackOff {
  /** A pass that takes longer has failed, ms. */
  readonly passWithinMs: number;
  /** A job fails if its next attempt would start later than this after its first, ms. */
  readonly jobWithinMs: number;
}

/** A job that a pass was started for. */
export interface StartedJob {
  readonly id: string;
  /** When its first pass started. */
  readonly startedAt: ElapsedMs;
}

export interface Delivering {
  readonly kind: 'delivering';
  readonly pass: number;
  readonly startedAt: ElapsedMs;
  /** Jobs that this pass serves. It is requested if there are any. */
  readonly jobs: readonly StartedJob[];
}

export type OutletActivity =
  | Delivering
  | { readonly kind: 'idle' | 'backing-off' | 'refused' | 'budget-spent' | 'stopped' };

/** Passes fail since then, the last one for this reason. */
export interface FailingPasses {
  readonly since: Instant;
  /** Text for people. */
  readonly reason: string;
  /** Passes that failed in a row. */
  readonly passes: number;
}

/** Why a pass failed. */
export interface PassFailure {
  readonly kind: 'refused' | 'budget-spent' | 'later';
  /** Text for people. */
  readonly reason: string;
  /** How long the target asked to wait, or until the month ends, ms. */
  readonly afterMs: number | null;
}

/** All that an outlet's actor knows. Changes conflate: of the contents it only knows how many are not delivered yet. */
export interface OutletState {
  readonly activity: OutletActivity;
  /** Features or notifications that the target does not have yet. */
  readonly waiting: number;
  /** Jobs without a pass yet, oldest first. */
  readonly queued: readonly string[];
  /** Jobs whose last pass failed; the next pass serves them. */
  readonly retrying: readonly StartedJob[];
  readonly failing: FailingPasses | null;
  readonly lastSuccess: Instant | null;
  /** End of the pause between passes, for passes that nobody asked for. */
  readonly automaticFrom: ElapsedMs;
  /** End of the back-off. A new job does not wait for it. */
  readonly retryFrom: ElapsedMs;
  /** End of the wait that the target asked for. Every pass waits for it. */
  readonly targetFrom: ElapsedMs;
  /** Number of the last pass. */
  readonly pass: number;
  readonly isStarted: boolean;
}

export const INITIAL_OUTLET: OutletState = {
  activity: { kind: 'idle' },
  waiting: 0,
  queued: [],
  retrying: [],
  failing: null,
  lastSuccess: null,
  automaticFrom: Number.NEGATIVE_INFINITY,
  retryFrom: Number.NEGATIVE_INFINITY,
  targetFrom: Number.NEGATIVE_INFINITY,
  pass: 0,
  isStarted: false,
};
