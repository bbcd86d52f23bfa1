import type { ChangeSink, FeedMode, RowSink } from '../feed-source.ts';
import type { Connection } from './connection.ts';

/** One way to notice changes, as a session uses it. Every method may throw SessionOutdatedError or the driver's error. */
export interface Way {
  readonly mode: FeedMode;
  /** Why it is no better one; null for the best. */
  readonly reason: string | null;
  /** How long to wait between two polls, ms. */
  readonly pauseMs: number;
  canFollow(connection: Connection, position: string): Promise<boolean>;
  /** @param began called with the position before the first row is read */
  load(connection: Connection, sink: RowSink, began: (position: string) => void): Promise<void>;
  poll(connection: Connection, position: string, sink: ChangeSink, isAsked: boolean): Promise<string | null>;
}

/** Why a way cannot be used, and what would make it possible. */
export interface NoWay {
  readonly why: string;
}

/**
 * "Did anything move?" is asked at most once a second. It is asked a little less often, so that everything else that a
 * server is asked keeps it below one statement a second.
 */
export const POLL_MS = 1_050;
