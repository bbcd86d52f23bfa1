import type { SourceName } from '../../../company/table.ts';
import type { Catalog } from '../../mirror/catalog.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import type { FeedMode } from '../feed-source.ts';

/** What the event loop asks of feeds in a Worker. Rows cross as the JSON text of their arrays, which costs least. */

/** What a session found. */
export interface OpenedSession {
  readonly mode: FeedMode;
  readonly reason: string | null;
  readonly catalog: Catalog;
  readonly pauseMs: number;
  readonly image: string | null;
}

/** A session fits its source no longer. */
export interface Outdated {
  readonly kind: 'outdated';
  readonly reason: string;
  readonly reload: boolean;
}

export type ReadRequest =
  | { readonly kind: 'load' }
  | { readonly kind: 'poll'; readonly position: string; readonly isAsked: boolean };

/** What is handed over, one after the other; after the end nothing follows. */
export type Part =
  | { readonly kind: 'rows' | 'deleted'; readonly table: string; readonly text: string }
  | { readonly kind: 'whole'; readonly table: string }
  | { readonly kind: 'end'; readonly position: string | null; readonly pauseMs: number; readonly image: string | null }
  | Outdated;

/** What a Worker with feeds offers. */
export type FeedHandlers = {
  /**
   * @param session a number of the caller's own, by which the session is asked for. It is never used again, so that no
   *   session of a Worker that has ended is taken for one of the next Worker
   */
  openFeed(source: SourceName, session: number): Promise<OpenedSession>;
  canFollow(session: number, position: string): Promise<boolean>;
  /**
   * The first part.
   *
   * @param reading a number of the caller's own, by which the other parts are asked for
   */
  startReading(session: number, reading: number, request: ReadRequest): Promise<Part>;
  nextPart(reading: number): Promise<Part>;
  /** Nobody will ask for another part. */
  stopReading(reading: number): void;
  compare(session: number): Promise<readonly TableChecksum[]>;
  closeSession(session: number): Promise<void>;
  closeFeed(source: SourceName): Promise<void>;
};
