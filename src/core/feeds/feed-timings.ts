import { type BackOff, USUAL_BACK_OFF } from '../runtime/back-off.ts';

export interface FeedTimings extends BackOff {
  /** Opening a session, ms. */
  readonly openWithinMs: number;
  /** The same when a session that worked has just ended: until then nobody is told, ms. */
  readonly reopenWithinMs: number;
  /** A session or a source that is closed is waited for so long, ms. */
  readonly closeWithinMs: number;
  /** A load or a poll that hands over nothing for so long has failed, ms. */
  readonly silentMs: number;
  /** A source that could be followed in a better way is looked at again after so long, ms. */
  readonly improveAfterMs: number;
  /** The whole mirror is compared with the source so often, ms. */
  readonly reconcileEveryMs: number;
  /** A comparison may take so long, ms. */
  readonly compareWithinMs: number;
  /** A source is asked at most once in this time, however many ask for it, ms. */
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
