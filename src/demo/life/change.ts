import type { Tables } from '../../company/tables.ts';
import type { Collections } from '../../core/feeds/folder/collections.ts';
import type { SqliteStatement } from '../../core/feeds/folder/sqlite-store.ts';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Random } from '../data/random.ts';
import type { TableName } from '../data/stored-row.ts';

/** What a database has: it may be anybody's own. */
export interface LifeColumns {
  /** @param table by its name in `src/company`, as the column */
  has(table: string, column: string): boolean;
}

/** Columns by table. */
export type TableRequirement = {
  readonly [Table in TableName]?: readonly (keyof Tables[Table]['columns'] & string)[];
};

/** The time of a change in the demo company's life, and what it may use. */
export interface LifeMoment {
  readonly now: Instant;
  /** The same as text, as it is stored. */
  readonly at: string;
  readonly random: Random;
  readonly columns: LifeColumns;
}

/** A statement that changes one table. */
export interface TableStatement extends SqliteStatement {
  readonly table: TableName;
}

interface Happening {
  /** What happens, in a few words. */
  readonly name: string;
  /** How often it happens in relation to the rest. */
  readonly weight: number;
}

/** Something that happens in the tables. */
export interface TableChange extends Happening {
  readonly kind: 'tables';
  /** Columns without which it cannot happen. */
  readonly needs: TableRequirement;
  /** In one transaction. Where there is no row that it could happen to, nothing is written. */
  statements(moment: LifeMoment): readonly TableStatement[];
}

/** Something that happens in a collection. */
export interface DocumentChange extends Happening {
  readonly kind: 'documents';
  readonly collection: string;
  make(moment: LifeMoment, company: LifeSources): void;
}

/** The tables that a company lives in. */
export interface LifeDatabase {
  /**
   * The columns of the tables that are there; views are not.
   *
   * @throws SourceError if the database cannot be read
   */
  columns(): LifeColumns;
  /**
   * Writes in one transaction.
   *
   * @throws SourceError if that is not possible
   */
  write(statements: readonly TableStatement[]): Promise<void>;
  /** The first user whose key is at or above one; undefined if there is none. */
  userFrom(key: string): string | undefined;
}

export interface LifeSources {
  readonly database: LifeDatabase;
  readonly collections: Collections;
}

export type Change = TableChange | DocumentChange;
