import type { SourceName } from '../../company/table.ts';
import type { Catalog } from '../mirror/catalog.ts';
import type { TableChecksum } from '../mirror/checksum.ts';
import type { RawCell, RawRow } from '../mirror/mirror-writer.ts';

/**
 * How a feed learns what moved:
 *
 * - `told`: the rows that changed are handed over by whoever changes them
 * - `change-tracking`: SQL Server's Change Tracking names the rows that changed
 * - `usage-statistics`: SQL Server's index usage statistics name the tables that changed
 * - `change-stream`: MongoDB sends every change
 * - `watch`: a folder is looked at for changes
 * - `interval`: nothing tells; every table is read whole every so often
 */
export type FeedMode = 'told' | 'change-tracking' | 'usage-statistics' | 'change-stream' | 'watch' | 'interval';

/** Takes what a session reads; awaiting it is the back-pressure. */
export interface RowSink {
  rows(table: string, rows: readonly RawRow[]): Promise<void>;
}

export interface ChangeSink extends RowSink {
  deleted(table: string, keys: readonly RawCell[]): Promise<void>;
  /** The rows of this table that follow are all that it has. */
  whole(table: string): Promise<void>;
}

/**
 * A source as it was found when it was looked at: what it has, and the best way to follow it that it allows.
 *
 * Every method rejects with a SourceError in words fit for people when the source cannot be asked, with a
 * `SessionOutdatedError` when what was found is no longer so, and soon once its signal is aborted.
 */
export interface FeedSession {
  readonly mode: FeedMode;
  /** Why it is not a better mode, and what would make it one; null where there is none better. */
  readonly reason: string | null;
  readonly catalog: Catalog;
  /**
   * Where the rows that a load hands over are the same at each start: a name for them. Their mirror may then be kept. Read
   * after the load, and before it to look for what was kept.
   */
  readonly image?: string | null;
  /** How long to wait between two polls, ms. Read before each wait. */
  readonly pauseMs: number;
  /** Whether what happened since a position that the mirror holds can be told. */
  canFollow(position: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Hands over every row of every table that the catalog has.
   *
   * @returns the position that the rows hold up to: what happens after it is told by `poll`, what happened while they were
   *   read may be told once more
   */
  load(sink: RowSink, signal: AbortSignal): Promise<string>;
  /**
   * Hands over what moved since a position. May wait for something to move, up to a second.
   *
   * @param position what `load` or the last `poll` returned
   * @param isAsked somebody waits for everything that has happened until now: nothing may be put off
   * @returns the new position; null when nothing was handed over and the position is still good
   */
  poll(position: string, sink: ChangeSink, signal: AbortSignal, isAsked: boolean): Promise<string | null>;
  /**
   * Counts and sums of every table, as of now, each in one cheap statement: what the mirror has to hold too. Absent where
   * the source cannot tell cheaply.
   */
  compare?(signal: AbortSignal): Promise<readonly TableChecksum[]>;
  /** Lets go of what the session holds. Never rejects. */
  close(): Promise<void>;
}

/** A database, or what stands for one, that can be followed. */
export interface FeedSource {
  readonly name: SourceName;
  /** What a person sees: `SQL Server db.example/Shop`. */
  readonly description: string;
  /**
   * Looks at what the source has and how it tells of changes.
   *
   * @throws SourceError when it cannot be reached
   */
  open(signal: AbortSignal): Promise<FeedSession>;
  /** Ends every connection. Never rejects. */
  close(): Promise<void>;
}

/**
 * The session no longer fits the source: tracking was switched off, a column went or came, a version is too old, the
 * database was restored. The source is looked at again at once; nobody is told that it is lost.
 */
export class SessionOutdatedError extends Error {
  override readonly name = 'SessionOutdatedError';

  /** @param reload whether the rows that the mirror holds may be wrong, so that everything is loaded again */
  constructor(
    reason: string,
    readonly reload: boolean,
  ) {
    super(reason);
  }
}
