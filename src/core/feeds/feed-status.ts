import type { SourceName } from '../../company/table.ts';
import type { Instant } from '../figures/calendar.ts';
import type { Failing } from '../runtime/failure.ts';
import type { FeedMode } from './feed-source.ts';

/** The status of a feed, for `/ws/status`, the log and the doctor. */
export interface FeedStatus {
  readonly source: SourceName;
  /** The source, for people. */
  readonly description: string;
  /**
   * - `opening`: a session is being opened
   * - `loading`: all rows are being read
   * - `following`: changes are applied as they happen
   * - `backing-off`: it failed and waits before the next attempt
   * - `stopped`: the feed was stopped
   * - `none`: no source is configured
   */
  readonly activity: 'opening' | 'loading' | 'following' | 'backing-off' | 'stopped' | 'none';
  /** Whether the mirror has its rows. */
  readonly isLoaded: boolean;
  /** How it detects changes; null before the first session. */
  readonly mode: FeedMode | null;
  /** Why the mode is not a better one, and what enables it. */
  readonly reason: string | null;
  /** The mirror's position in the source's history, in the feed's own format. */
  readonly position: string | null;
  /** The last successful poll; null before the first. */
  readonly lastSync: Instant | null;
  /** Rows read since the start. */
  readonly rowsRead: number;
  /** The last comparison of the mirror with the source, and the tables that differed and were loaded again. */
  readonly reconciled: { readonly at: Instant; readonly differing: readonly string[] } | null;
  readonly failing: Failing | null;
}
