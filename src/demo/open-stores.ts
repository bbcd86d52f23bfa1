import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { CollectionFile } from '../core/feeds/folder/collection-file.ts';
import { type Collections, createCollections } from '../core/feeds/folder/collections.ts';
import type { Document } from '../core/feeds/folder/document.ts';
import { JsonLinesError } from '../core/feeds/folder/json-lines.ts';
import { fileStore, memoryStore, type SqliteStore } from '../core/feeds/folder/sqlite-store.ts';
import { isProgramError } from '../core/runtime/errors.ts';
import { SourceError } from '../core/runtime/source-errors.ts';
import { generateDocuments } from './data/documents.ts';
import type { CompanySpec } from './data/spec.ts';
import { fillDatabase } from './database.ts';
import { clearUnfinished, type KeptCompany, makeKept, openKept } from './database-cache.ts';
import type { DemoData } from './demo-data.ts';
import { COLLECTION_FILES, DATABASE_FILE } from './file-names.ts';
import { createLogLimit } from './recent-logs.ts';

/** The tables and collections of a demo. */
export interface DemoStores {
  readonly sql: SqliteStore;
  readonly collections: Collections;
  /** Looks whether another program changed the collections' files. */
  detectChanges(): void;
  /** Writes what the files of the collections do not have yet. */
  flush(): void;
}

/** Larger companies would take more room than their making takes time. */
const LARGEST_KEPT = 2;
const LOGS = 'logs';

/**
 * Makes or opens what a demo consists of.
 *
 * @param onProgress called with what takes a while, and with what cannot be read in a file while it is served
 * @throws SourceError naming the file that cannot be read, and the line that is no document
 */
export function openStores(data: DemoData, onProgress: (text: string) => void): DemoStores {
  return data.kind === 'folder' ? openFolder(data, onProgress) : openGenerated(data, onProgress);
}

function openGenerated(
  { spec, keptIn }: Extract<DemoData, { kind: 'generated' }>,
  onProgress: (text: string) => void,
): DemoStores {
  const { database, image } = openDatabase(spec, keptIn, onProgress);
  const sql = memoryStore(database, `demo data of seed ${spec.seed}`, image);
  const { tickets, logs } = generateDocuments(spec);
  const limit = createLogLimit(logs.length);
  const collections = createCollections(
    { support_tickets: tickets, logs },
    {
      onChange(collection, documents) {
        const kept = collection === LOGS ? limit.shorten(documents) : null;
        if (kept !== null) collections.replace(collection, kept);
      },
    },
  );
  return { sql, collections, detectChanges: () => {}, flush: () => {} };
}

function openDatabase(spec: CompanySpec, keptIn: string | null, onProgress: (text: string) => void): KeptCompany {
  const fill = (database: Database) => fillDatabase(database, spec, onProgress);
  if (keptIn !== null) clearUnfinished(keptIn);
  const folder = spec.scale <= LARGEST_KEPT ? keptIn : null;
  const kept = folder === null ? null : (openKept(folder, spec) ?? makeKept(folder, spec, fill));
  return kept ?? { database: makeInMemory(fill), image: null };
}

function makeInMemory(fill: (database: Database) => void): Database {
  const database = new Database(':memory:', { strict: true, safeIntegers: true });
  // There is nothing to be kept of a database in memory, so nothing to be rolled back to while it is filled.
  database.run('pragma journal_mode = off');
  fill(database);
  database.run('pragma journal_mode = memory');
  return database;
}

function openFolder(
  { directory, isGenerated }: Extract<DemoData, { kind: 'folder' }>,
  warn: (text: string) => void,
): DemoStores {
  const sql = fileStore(join(directory, DATABASE_FILE));
  // A file that is no database is noticed at the start.
  sql.connection();
  const files = new Map<string, CollectionFile>();
  const initial: Record<string, readonly Document[]> = {};
  for (const [collection, name] of Object.entries(COLLECTION_FILES)) {
    const replace = (documents: readonly Document[] | null) => collections.replace(collection, documents);
    const path = join(directory, name);
    const file = orSourceError(path, () => new CollectionFile({ path, warn, replace }));
    files.set(collection, file);
    if (file.initial !== null) initial[collection] = file.initial;
  }
  const limit = createLogLimit(initial[LOGS]?.length ?? 0);
  const collections = createCollections(initial, {
    onChange(collection, documents, appended) {
      const kept = isGenerated && collection === LOGS ? limit.shorten(documents) : null;
      if (kept !== null) collections.replace(collection, kept);
      files.get(collection)?.save(collections.documents(collection), kept === null ? appended : null);
    },
  });
  const forEachFile = (work: (file: CollectionFile) => void) => () => {
    for (const file of files.values()) work(file);
  };
  return {
    sql,
    collections,
    detectChanges: forEachFile((file) => file.poll()),
    flush: forEachFile((file) => file.flush()),
  };
}

/** @throws SourceError that names the file and says what would do; a bug as it is */
function orSourceError<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isProgramError(error) || !(error instanceof Error)) throw error;
    const what = error instanceof JsonLinesError ? error.message : `${path} cannot be read (${error.message})`;
    throw new SourceError(`${what}. Mend it as docs/demo.md says, or take the file away`, { cause: error });
  }
}
