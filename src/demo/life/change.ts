import type { Instant } from '../../core/figures/calendar.ts';
import type { EmbeddedDocumentSource } from '../../core/sources/mongo/embedded/source.ts';
import type { ColumnCatalog, TableRequirement } from '../../core/sources/sql/catalog.ts';
import type { WriteStatement } from '../../core/sources/sql/sqlite/messages.ts';
import type { SqliteSource } from '../../core/sources/sql/sqlite/source.ts';
import type { Random } from '../data/random.ts';

/** The moment at which something happens at the company. */
export interface Moment {
  readonly now: Instant;
  /** The same as text, as it is stored. */
  readonly at: string;
  readonly random: Random;
  /** What the database has: it may be anybody's own. */
  readonly columns: ColumnCatalog;
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
  statements(moment: Moment): readonly WriteStatement[];
}

/** Something that happens in a collection. */
export interface DocumentChange extends Happening {
  readonly kind: 'documents';
  readonly collection: string;
  make(moment: Moment, sources: LifeSources): Promise<void>;
}

export interface LifeSources {
  readonly sql: SqliteSource;
  readonly documents: EmbeddedDocumentSource;
}

export type Change = TableChange | DocumentChange;
