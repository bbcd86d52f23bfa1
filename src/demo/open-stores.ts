import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { CollectionFile } from '../core/feeds/folder/collection-file.ts';
import { type Collections, createCollections } from '../core/feeds/folder/collections.ts';
import type { Document } from '../core/feeds/folder/document.ts';
import { JsonLinesError } from '../core/feeds/folder/json-lines.ts';
import { fileStore, memoryStore, type SqliteStore } from '../core/feeds/folder/sqlite-store.ts';
import { isProgramError } from '../core/runtime/errors.ts';
import { SourceError } from '../core/runtime/source-errors.ts';
import { cacheDocuments, cachedDocuments } from './cached-documents.ts';
import { type CompanyDocuments, generateDocuments } from './data/documents.ts';
import type { CompanySpec } from './data/spec.ts';
import { fillDatabase } from './database.ts';
import { type CachedCompany, clearUnfinished, createCached, openCached } from './database-cache.ts';
import type { DemoData } from './demo-data.ts';
import { COLLECTION_FILES, DATABASE_FILE } from './file-names.ts';
import { createLogLimit } from './recent-logs.ts';

/** The tables and collections of a demo. */
export interface DemoStores {
  readonly sql: SqliteStore;
  readonly collections: Collections;
  /** Checks whether another program changed the collections' files. */
  detectChanges(): void;
  /** Writes pending changes to the collections' files. */
  flush(): void;
}

/** The cache of a larger company would cost more disk space than its generation is worth. */
const MAX_CACHED_SCALE = 2;
const LOGS = 'logs';

/**
 * Generates the data of a demo, or opens its files.
 *
 * @param onProgress called with progress, and with files that become unreadable while they are served
 * @throws SourceError that names an unreadable file, and the line if it is not a document
 */
export function openStores(data: DemoData, onProgress: (text: string) => void): DemoStores {
  return data.kind === 'folder' ? openFolder(data, onProgress) : openGenerated(data, onProgress);
}

function openGenerated(
  { spec, cacheDirectory }: Extract<DemoData, { kind: 'generated' }>,
  onProgress: (text: string) => void,
): DemoStores {
  const {
    company: { database, image },
    documents: { tickets, logs },
  } = openCompany(spec, cacheDirectory, onProgress);
  const sql = memoryStore(database, `demo data of seed ${spec.seed}`, image);
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

interface OpenedCompany {
  readonly company: CachedCompany;
  readonly documents: CompanyDocuments;
}

/** From the cache if there is one for `spec`. */
function openCompany(
  spec: CompanySpec,
  cacheDirectory: string | null,
  onProgress: (text: string) => void,
): OpenedCompany {
  if (cacheDirectory !== null) clearUnfinished(cacheDirectory);
  const folder = spec.scale <= MAX_CACHED_SCALE ? cacheDirectory : null;
  const cached = folder === null ? null : openCached(folder, spec);
  if (cached !== null) return { company: cached, documents: cachedDocuments(cached.database) };
  const documents = generateDocuments(spec);
  const fill = (database: Database) => fillDatabase(database, spec, onProgress);
  const fillCache = (database: Database) => {
    fill(database);
    cacheDocuments(database, documents);
  };
  const created = folder === null ? null : createCached(folder, spec, fillCache);
  return { company: created ?? { database: makeInMemory(fill), image: null }, documents };
}

function makeInMemory(fill: (database: Database) => void): Database {
  const database = new Database(':memory:', { strict: true, safeIntegers: true });
  // A failed fill discards the whole database, so it needs no journal meanwhile.
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
  // Opens the file now, so that an invalid database stops the start.
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

/** @throws SourceError that names the file and says how to fix it; rethrows a bug unchanged */
function orSourceError<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isProgramError(error) || !(error instanceof Error)) throw error;
    const what = error instanceof JsonLinesError ? error.message : `${path} cannot be read (${error.message})`;
    throw new SourceError(`${what}. Fix it as docs/demo.md describes, or remove the file`, { cause: error });
  }
}
