import type { SourceName } from '../../../company/table.ts';
import type { Catalog } from '../../mirror/catalog.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import type { FeedMode } from '../feed-source.ts';

/** Messages between the event loop and feeds in a Worker. Rows are sent as JSON text, which is fastest. */

/** The properties of an opened session. */
export interface OpenedSession {
  readonly mode: FeedMode;
  readonly reason: string | null;
  readonly catalog: Catalog;
  readonly pauseMs: number;
  readonly image: string | null;
}

/** See `SessionOutdatedError`. */
export interface Outdated {
  readonly kind: 'outdated';
  readonly reason: string;
  readonly reload: boolean;
}

export type ReadRequest =
  | { readonly kind: 'load' }
  | { readonly kind: 'poll'; readonly position: string; readonly mustCatchUp: boolean };

/** A part of a reading, that is, of a load or a poll. `end` and `outdated` come last. */
export type Part =
  | { readonly kind: 'rows' | 'deleted'; readonly table: string; readonly text: string }
  | { readonly kind: 'whole'; readonly table: string }
  | { readonly kind: 'end'; readonly position: string | null; readonly pauseMs: number; readonly image: string | null }
  | Outdated;

/** The methods of a Worker with feeds. */
export type FeedHandlers = {
  /**
   * @param session a number that the caller chooses for the session. It is never reused, so that a restarted Worker cannot
   *   confuse it with its own sessions
   */
  openFeed(source: SourceName, session: number): Promise<OpenedSession>;
  canFollow(session: number, position: string): Promise<boolean>;
  /**
   * Starts a reading, and returns its first part.
   *
   * @param reading a number that the caller chooses, to request the other parts
   */
  startReading(session: number, reading: number, request: ReadRequest): Promise<Part>;
  nextPart(reading: number): Promise<Part>;
  /** Cancels a reading. */
  stopReading(reading: number): void;
  compare(session: number): Promise<readonly TableChecksum[]>;
  closeSession(session: number): Promise<void>;
  closeFeed(source: SourceName): Promise<void>;
};
