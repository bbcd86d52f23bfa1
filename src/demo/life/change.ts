import type { Tables } from '../../company/tables.ts';
import type { Collections } from '../../core/feeds/folder/collections.ts';
import type { SqliteStatement } from '../../core/feeds/folder/sqlite-store.ts';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Random } from '../data/random.ts';
import type { TableName } from '../data/stored-row.ts';

/** The columns that a database has, which may be a user's own. */
export interface LifeColumns {
  /** @param table and column by their names in `src/company` */
  has(table: string, column: string): boolean;
}

/** Columns by table. */
export type TableRequirement = {
  readonly [Table in TableName]?: readonly (keyof Tables[Table]['columns'] & string)[];
};

/** The context of a change: its time, a source of randomness, and the available columns. */
export interface LifeMoment {
  readonly now: Instant;
  /** `now` as text, as it is stored. */
  readonly at: string;
  readonly random: Random;
  readonly columns: LifeColumns;
}

/** A statement that changes one table. */
export interface TableStatement extends SqliteStatement {
  readonly table: TableName;
}

interface NamedChange {
  /** Describes the change, for error messages. */
  readonly name: string;
  /** Its frequency relative to the other changes. */
  readonly weight: number;
}

/** A change in the tables. */
export interface TableChange extends NamedChange {
  readonly kind: 'tables';
  /** Required columns. */
  readonly needs: TableRequirement;
  /** Statements for one transaction. They write nothing if no row is suitable. */
  statements(moment: LifeMoment): readonly TableStatement[];
}

/** A change in a collection. */
export interface DocumentChange extends NamedChange {
  readonly kind: 'documents';
  readonly collection: string;
  make(moment: LifeMoment, company: LifeSources): void;
}

/** The tables in which changes are made. */
export interface LifeDatabase {
  /**
   * The columns of the existing tables, without views.
   *
   * @throws SourceError if the database cannot be read
   */
  columns(): LifeColumns;
  /**
   * Writes in one transaction.
   *
   * @throws SourceError if it fails
   */
  write(statements: readonly TableStatement[]): Promise<void>;
  /** The first user whose key is at or above `key`; undefined if there is none. */
  userFrom(key: string): string | undefined;
}

export interface LifeSources {
  readonly database: LifeDatabase;
  readonly collections: Collections;
}

export type Change = TableChange | DocumentChange;
