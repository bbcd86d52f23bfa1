import type { SourceName } from '../../company/table.ts';
import type { Catalog, MirroredTable } from './catalog.ts';
import type { TableChecksum } from './checksum.ts';

/**
 * A value as a source has it, in a form that JSON holds. Instants and durations are text, whole numbers beyond 2^53 are
 * their digits; an object stands for whatever no column allows: a document, an array, bytes.
 */
export type RawCell = string | number | boolean | null | object;

/** The cells of a mirrored table's columns, in their order; null for a column that the source lacks. */
export type RawRow = readonly RawCell[];

/** The mirror's state after the last commit. */
export interface MirrorState {
  /** Up to where in the source's history the rows hold; the feed's own text. */
  readonly position: string;
  readonly catalog: Catalog;
}

/** What one commit changed. */
export interface Applied {
  /** Tables of which a row, or the columns that are there, changed. */
  readonly tables: readonly string[];
  /** Rows that were inserted, changed or deleted. */
  readonly rows: number;
}

/**
 * The mirror of one source, as its feed sees it. Everything between `begin` and `commit` becomes visible at once, together
 * with the position, or not at all.
 */
export interface MirrorWriter {
  readonly source: SourceName;
  readonly tables: readonly MirroredTable[];
  /** What there is to go on from; null if the source has to be loaded. */
  state(): Promise<MirrorState | null>;
  /**
   * Begins to collect. What was collected before and not committed is dropped.
   *
   * `load`: the pieces replace the whole content. `changes`: they change it.
   */
  begin(kind: 'load' | 'changes', catalog: Catalog): Promise<void>;
  /** Rows that are there. With `changes`: new and changed ones, or all of a table that was announced with `whole`. */
  rows(table: string, rows: readonly RawRow[]): Promise<void>;
  /** Keys of rows that are not there any more. */
  deleted(table: string, keys: readonly RawCell[]): Promise<void>;
  /** With `changes`: the rows of this table that follow are all that it has. */
  whole(table: string): Promise<void>;
  /**
   * Takes an image that an earlier process kept in place of a load.
   *
   * @param image the name with which it was committed
   * @returns what there is to go on from then; null if there is no such image
   */
  adopt(image: string): Promise<MirrorState | null>;
  /**
   * @param image of a load whose rows are always the same: a name for them, under which an image is kept for the next start
   * @throws SourceError if the mirror cannot be written, as when its disk is full; nothing of it is visible then
   */
  commit(position: string, image?: string | null): Promise<Applied>;
  /** Checksums of each table, to compare with the source. */
  checksums(): Promise<readonly TableChecksum[]>;
  /** Drops what was collected. Never throws. */
  rollback(): Promise<void>;
}
