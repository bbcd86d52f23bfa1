import type { Database } from 'bun:sqlite';
import type { Table } from '../../src/company/table.ts';
import { collections as companyCollections, sqlTables } from '../../src/company/tables.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import { type Collections, createCollections } from '../../src/core/feeds/folder/collections.ts';
import type { Document } from '../../src/core/feeds/folder/document.ts';
import { createDocumentSource } from '../../src/core/feeds/folder/document-source.ts';
import { createSqliteSource } from '../../src/core/feeds/folder/sqlite-source.ts';
import { memoryStore } from '../../src/core/feeds/folder/sqlite-store.ts';
import type { MirroredTable } from '../../src/core/mirror/catalog.ts';

/** Every column of some tables, the key first. */
export function everyColumnOf(tables: readonly Table[]): MirroredTable[] {
  return tables.map((table) => ({
    table,
    columns: [table.key, ...Object.keys(table.columns).filter((column) => column !== table.key)],
  }));
}

export const everySqlColumn = everyColumnOf(sqlTables);
export const everyDocumentField = everyColumnOf(companyCollections);

/** A database in the test's thread as a source of rows. */
export interface FolderSqlSource {
  readonly source: FeedSource;
  /** Writes in one transaction, and notifies the followers of the source. */
  write(...statements: readonly string[]): Promise<void>;
  /** The same with the database itself. */
  change(work: (database: Database) => void): Promise<void>;
}

/** While the database is followed, only `write` and `change` may change it. */
export function folderSqlSource(
  database: Database,
  tables: readonly MirroredTable[] = everySqlColumn,
): FolderSqlSource {
  const store = memoryStore(database, 'the test database');
  return {
    source: createSqliteSource({ store, tables, warn: () => {}, description: 'test database' }),
    write: (...statements) =>
      store.write(() => {
        for (const statement of statements) database.run(statement);
      }),
    change: (work) => store.write(work),
  };
}

/** Collections in the test's thread as a source of rows, which reports its changes. */
export interface MemoryDocumentSource {
  readonly source: FeedSource;
  readonly collections: Collections;
}

/** @param now by which documents are too old to be kept */
export function memoryDocumentSource(
  held: Readonly<Record<string, readonly Document[]>>,
  tables: readonly MirroredTable[] = everyDocumentField,
  now: () => number = Date.now,
): MemoryDocumentSource {
  const collections = createCollections(held);
  const description = 'test documents';
  return { source: createDocumentSource({ collections, tables, mode: 'told', now, description }), collections };
}
