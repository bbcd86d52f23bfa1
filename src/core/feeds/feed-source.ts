import type { SourceName } from '../../company/table.ts';
import type { Catalog } from '../mirror/catalog.ts';
import type { TableChecksum } from '../mirror/checksum.ts';
import type { RawCell, RawRow } from '../mirror/mirror-writer.ts';

/**
 * How a feed detects changes:
 *
 * - `told`: the program that changes rows reports them
 * - `change-tracking`: SQL Server's Change Tracking names the rows that changed
 * - `usage-statistics`: SQL Server's index usage statistics name the tables that changed
 * - `change-stream`: MongoDB sends every change
 * - `watch`: a folder is watched
 * - `interval`: every table is read whole at an interval
 */
export type FeedMode = 'told' | 'change-tracking' | 'usage-statistics' | 'change-stream' | 'watch' | 'interval';

/** Receives what a session reads. Await each call, for back-pressure. */
export interface RowSink {
  rows(table: string, rows: readonly RawRow[]): Promise<void>;
}

export interface ChangeSink extends RowSink {
  deleted(table: string, keys: readonly RawCell[]): Promise<void>;
  /** The rows of this table that follow replace its content. */
  whole(table: string): Promise<void>;
}

/**
 * A source as it was when the session was opened: its catalog, and the best mode that it allows.
 *
 * Every method rejects with a SourceError if the source fails, with a `SessionOutdatedError` if the catalog or the mode is
 * no longer valid, and soon after its signal is aborted.
 */
export interface FeedSession {
  readonly mode: FeedMode;
  /** Why the mode is not a better one, and what enables it; null for the best mode. */
  readonly reason: string | null;
  readonly catalog: Catalog;
  /**
   * Names the rows of a load if they are the same at each start, so that an image of their mirror can be reused. Read before
   * the load, to find an image, and after it.
   */
  readonly image?: string | null;
  /** How long to wait between two polls, ms. Read before each wait. */
  readonly pauseMs: number;
  /** Whether the session can report all changes since a position of the mirror. */
  canFollow(position: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Reads every row of every table of the catalog into the sink.
   *
   * @returns the position of the rows: `poll` reports later changes, and may repeat changes that happened during the load
   */
  load(sink: RowSink, signal: AbortSignal): Promise<string>;
  /**
   * Reads the changes since a position into the sink. May wait for a change, up to a second.
   *
   * @param position what `load` or the last `poll` returned
   * @param mustCatchUp callers wait for all changes until now: do not postpone any
   * @returns the new position; null if nothing changed and the position is still valid
   */
  poll(position: string, sink: ChangeSink, signal: AbortSignal, mustCatchUp: boolean): Promise<string | null>;
  /**
   * Row count and sums of every table as of now, each from one cheap statement, to compare with the mirror. Absent if the
   * source cannot compute them cheaply.
   */
  compare?(signal: AbortSignal): Promise<readonly TableChecksum[]>;
  /** Releases the session's resources. Never rejects. */
  close(): Promise<void>;
}

/** A database or folder that can be followed. */
export interface FeedSource {
  readonly name: SourceName;
  /** For people: `SQL Server db.example/Shop`. */
  readonly description: string;
  /**
   * Finds the source's catalog and the mode for its changes.
   *
   * @throws SourceError if it is unreachable
   */
  open(signal: AbortSignal): Promise<FeedSession>;
  /** Ends every connection. Never rejects. */
  close(): Promise<void>;
}

/**
 * The session is no longer valid: for example, tracking was switched off, a column was added, a version is too old or the
 * database was restored. The feed reopens it at once, and the source does not count as failing.
 */
export class SessionOutdatedError extends Error {
  override readonly name = 'SessionOutdatedError';

  /** @param reload whether the mirror's rows may be wrong, so that everything is loaded again */
  constructor(
    reason: string,
    readonly reload: boolean,
  ) {
    super(reason);
  }
}
