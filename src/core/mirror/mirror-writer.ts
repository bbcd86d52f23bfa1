import type { SourceName } from '../../company/table.ts';
import type { Catalog, MirroredTable } from './catalog.ts';
import type { TableChecksum } from './checksum.ts';

/**
 * A value as the source has it, as JSON. Instants and durations are text; whole numbers beyond 2^53 are digits. An object
 * stands for a value that no column allows, such as a document, an array or bytes.
 */
export type RawCell = string | number | boolean | null | object;

/** The cells of a mirrored table's columns, in their order; null for a column that the source lacks. */
export type RawRow = readonly RawCell[];

/** The mirror's state after the last commit. */
export interface MirrorState {
  /** The position in the source's history that the rows reflect, in the feed's own format. */
  readonly position: string;
  readonly catalog: Catalog;
}

/** What one commit changed. */
export interface Applied {
  /** Tables in which a row or the set of columns changed. */
  readonly tables: readonly string[];
  /** Rows that were inserted, changed or deleted. */
  readonly rows: number;
}

/**
 * The mirror of one source, as its feed sees it. Everything between `begin` and `commit` becomes visible at once, together
 * with the position, or never.
 */
export interface MirrorWriter {
  readonly source: SourceName;
  readonly tables: readonly MirroredTable[];
  /** The state to resume from; null if the source has to be loaded. */
  state(): Promise<MirrorState | null>;
  /**
   * Starts a transaction, and drops one that was not committed.
   *
   * `load`: its rows replace the whole content. `changes`: they change it.
   */
  begin(kind: 'load' | 'changes', catalog: Catalog): Promise<void>;
  /** Writes rows. With `changes`: new and changed rows, or all rows of a table after `whole`. */
  rows(table: string, rows: readonly RawRow[]): Promise<void>;
  /** Deletes the rows with these keys. */
  deleted(table: string, keys: readonly RawCell[]): Promise<void>;
  /** With `changes`: the rows of this table that follow replace its content. */
  whole(table: string): Promise<void>;
  /**
   * Uses an image that an earlier process wrote instead of a load.
   *
   * @param image the name that it was committed with
   * @returns the state to resume from; null if there is no such image
   */
  adopt(image: string): Promise<MirrorState | null>;
  /**
   * @param image names the rows of a load that are the same at each start; an image is then written for the next start
   * @throws SourceError if the mirror cannot be written, for example because the disk is full; nothing is visible then
   */
  commit(position: string, image?: string | null): Promise<Applied>;
  /** The checksum of each table, to compare with the source. */
  checksums(): Promise<readonly TableChecksum[]>;
  /** Drops what was not committed. Never rejects. */
  rollback(): Promise<void>;
}
