import { type BackOff, USUAL_BACK_OFF } from '../runtime/back-off.ts';

export interface FeedTimings extends BackOff {
  /** Deadline for opening a session, ms. */
  readonly openWithinMs: number;
  /** Deadline for opening a session in an unreported retry, ms. */
  readonly reopenWithinMs: number;
  /** Deadline for closing a session or a source, ms. */
  readonly closeWithinMs: number;
  /** A load or a poll fails after this long without progress, ms. */
  readonly silentMs: number;
  /** A session in a mode that is not the best is reopened after this long, ms. */
  readonly improveAfterMs: number;
  /** Interval of comparisons between mirror and source, ms. */
  readonly reconcileEveryMs: number;
  /** Deadline for a comparison, ms. */
  readonly compareWithinMs: number;
  /** Minimal time between two polls that callers request, ms. */
  readonly askEveryMs: number;
}

export const DEFAULT_FEED_TIMINGS: FeedTimings = {
  ...USUAL_BACK_OFF,
  openWithinMs: 20_000,
  reopenWithinMs: 5_000,
  closeWithinMs: 1_500,
  silentMs: 15_000,
  improveAfterMs: 600_000,
  reconcileEveryMs: 6 * 3_600_000,
  compareWithinMs: 120_000,
  askEveryMs: 1_000,
};
