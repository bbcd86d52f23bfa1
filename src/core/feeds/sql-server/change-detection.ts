import type { ChangeSink, FeedMode, RowSink } from '../feed-source.ts';
import type { Connection } from './connection.ts';

/** One way to detect changes. Every method may throw a SessionOutdatedError or the driver's error. */
export interface ChangeDetection {
  readonly mode: FeedMode;
  /** Why the mode is not a better one; null for the best. */
  readonly reason: string | null;
  /** How long to wait between two polls, ms. */
  readonly pauseMs: number;
  canFollow(connection: Connection, position: string): Promise<boolean>;
  /** @param began called with the position, before the first row is read */
  load(connection: Connection, sink: RowSink, began: (position: string) => void): Promise<void>;
  poll(connection: Connection, position: string, sink: ChangeSink, mustCatchUp: boolean): Promise<string | null>;
}

/** Why a way to detect changes is not available, and what would enable it. */
export interface NoDetection {
  readonly why: string;
}

/**
 * The pause between two polls, ms. A little more than a second, so that all statements together stay below one a second.
 */
export const POLL_MS = 1_050;
