import type { SourceName } from '../../company/table.ts';
import type { Instant } from '../figures/calendar.ts';
import type { Blame } from '../runtime/failure.ts';
import type { FeedMode } from './feed-source.ts';

/** Why a feed fails, and since when. */
export interface FeedFailure {
  readonly since: Instant;
  readonly reason: string;
  readonly blame: Blame;
}

/** How a feed is doing, for `/ws/status`, the log and the doctor. */
export interface FeedStatus {
  readonly source: SourceName;
  /** What it follows, in words. */
  readonly description: string;
  /**
   * - `opening`: the source is being looked at
   * - `loading`: its rows are being read for the first time
   * - `following`: changes are applied as they come
   * - `backing-off`: it fails, and is tried again
   * - `stopped`: it has ended
   * - `none`: no source is configured
   */
  readonly activity: 'opening' | 'loading' | 'following' | 'backing-off' | 'stopped' | 'none';
  /** Whether the mirror has rows of it. */
  readonly isLoaded: boolean;
  /** How it learns of changes; null before it was first looked at. */
  readonly mode: FeedMode | null;
  /** Why it is not a better mode, and what would make it one. */
  readonly reason: string | null;
  /** Up to where in the source's history the mirror holds its rows, in the feed's own words. */
  readonly position: string | null;
  /** When the source last said what had moved; null before the first time. */
  readonly lastSync: Instant | null;
  /** Rows read since the start. */
  readonly rowsRead: number;
  /** The last comparison of the mirror with the source, and the tables that differed and were loaded again. */
  readonly reconciled: { readonly at: Instant; readonly differing: readonly string[] } | null;
  readonly failing: FeedFailure | null;
}
