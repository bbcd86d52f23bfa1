import { Database } from 'bun:sqlite';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CompanySpec } from './data/spec.ts';

/**
 * Caches the demo's tables on disk, because generating them takes longer than the rest of a start.
 *
 * The server works on a copy in the same folder, which is unlinked as soon as it is open: it takes no memory beyond SQLite's
 * own cache, and disappears with the process. The data end at the moment they were generated, so the cache is valid for an
 * hour.
 */
const MAX_AGE_MS = 3_600_000;

const CACHED = /^demo-.+\.sqlite$/;
/** A copy, or an unfinished file. Both names contain the id of the process that uses them. */
const IN_USE = /^demo-.+\.sqlite\.(\d+)(?:\.new)?$/;

/** The file starts with a hash of the database's bytes and the time of its generation. */
const HEADER_LENGTH = 16;
const CREATED_AT_OFFSET = 8;
const CHUNK_BYTES = 1_048_576;

/** Opened tables of the demo. */
export interface CachedCompany {
  readonly database: Database;
  /** Identifies the rows: another process that opens the same cache gets the same value. Null if not cached. */
  readonly image: string | null;
}

/** Opens the cached tables for `spec`; null if they are missing, damaged or too old. */
export function openCached(directory: string, spec: CompanySpec): CachedCompany | null {
  const copy = copyPath(directory, spec);
  try {
    const hash = copyCached(join(directory, fileName(spec)), copy, spec);
    return hash === null ? null : { database: openCopy(copy), image: imageName(hash) };
  } catch {
    // Missing or damaged: the caller generates the tables again.
    return null;
  } finally {
    remove(copy);
  }
}

/**
 * Generates tables and caches them for the next start. Removes older caches.
 *
 * @param fill called with an empty database
 * @returns null if the folder cannot be written or is full
 */
export function createCached(
  directory: string,
  spec: CompanySpec,
  fill: (database: Database) => void,
): CachedCompany | null {
  const copy = copyPath(directory, spec);
  let database: Database | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    remove(copy);
    clear(directory, (name) => CACHED.test(name));
    database = openCopy(copy);
    // Nobody reads the file before it is complete, so it needs no journal yet.
    database.run('pragma journal_mode = off');
    fill(database);
    database.run('pragma journal_mode = memory');
  } catch {
    database?.close();
    remove(copy);
    return null;
  }
  const hash = cache(copy, directory, spec);
  remove(copy);
  return { database, image: hash === null ? null : imageName(hash) };
}

function imageName(hash: bigint): string {
  return `demo ${hash.toString(16)}`;
}

/** Removes files left behind by processes that ended. Ignores an unreadable folder. */
export function clearUnfinished(directory: string): void {
  clear(directory, (name) => {
    const [, owner] = IN_USE.exec(name) ?? [];
    return owner !== undefined && (Number(owner) === process.pid || !isAlive(Number(owner)));
  });
}

/** Opens a database for this process alone; it need not survive a power failure. */
function openCopy(path: string): Database {
  const database = new Database(path, { create: true, readwrite: true, strict: true, safeIntegers: true });
  try {
    database.run('pragma locking_mode = exclusive');
    database.run('pragma synchronous = off');
    // A journal file would need the database's name, which is about to be unlinked.
    database.run('pragma journal_mode = memory');
    database.query('select count(*) from sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @returns the hash of the tables; null if the file is incomplete, damaged or too old */
function copyCached(path: string, copy: string, { anchor }: CompanySpec): bigint | null {
  const source = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_LENGTH);
    if (readSync(source, header) < HEADER_LENGTH) return null;
    const createdAt = header.readDoubleBE(CREATED_AT_OFFSET);
    if (!(anchor >= createdAt && anchor - createdAt <= MAX_AGE_MS)) return null;
    const target = openSync(copy, 'w', 0o600);
    try {
      const hash = copyAndHash(source, target, createdAt);
      return hash === header.readBigUInt64BE() ? hash : null;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** @returns the hash of the tables; null if the disk is full, so that the next start generates them again */
function cache(copy: string, directory: string, spec: CompanySpec): bigint | null {
  const unfinished = `${copy}.new`;
  try {
    const hash = writeCached(copy, unfinished, spec);
    renameSync(unfinished, join(directory, fileName(spec)));
    return hash;
  } catch {
    // Frees the space if the disk is full.
    remove(unfinished);
    return null;
  }
}

function writeCached(copy: string, path: string, { anchor }: CompanySpec): bigint {
  const source = openSync(copy, 'r');
  try {
    const target = openSync(path, 'w', 0o600);
    try {
      const header = Buffer.alloc(HEADER_LENGTH);
      writeSync(target, header);
      const hash = copyAndHash(source, target, anchor);
      header.writeBigUInt64BE(hash);
      header.writeDoubleBE(anchor, CREATED_AT_OFFSET);
      writeSync(target, header, 0, HEADER_LENGTH, 0);
      return hash;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/**
 * Copies the rest of a file in chunks.
 *
 * @returns a hash of the copied bytes and of `createdAt`
 */
function copyAndHash(source: number, target: number, createdAt: number): bigint {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let hash = BigInt(Bun.hash(String(createdAt)));
  for (;;) {
    const length = readSync(source, chunk);
    if (length === 0) return hash;
    const read = chunk.subarray(0, length);
    hash = BigInt(Bun.hash(read, hash));
    for (let written = 0; written < length; ) written += writeSync(target, read, written);
  }
}

function clear(directory: string, isUnwanted: (name: string) => boolean): void {
  try {
    for (const name of readdirSync(directory)) if (isUnwanted(name)) remove(join(directory, name));
  } catch {
    // The next start tries again.
  }
}

/** Some systems cannot remove an open file; the next start removes it then. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // See above.
  }
}

/** Signal 0 only tests whether the process exists (https://man7.org/linux/man-pages/man2/kill.2.html). */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function copyPath(directory: string, spec: CompanySpec): string {
  return join(directory, `${fileName(spec)}.${process.pid}`);
}

function fileName({ seed, scale }: CompanySpec): string {
  return `demo-${seed}-${scale}-${generatorVersion()}.sqlite`;
}

const GENERATOR_FILES = [
  'database.ts',
  'sqlite-schema.ts',
  '../company/tables.ts',
  '../company/column.ts',
  'cached-documents.ts',
  'database-cache.ts',
];

/** A hash of the generator's source files and of Bun's version, which serializes documents: others ignore the cache. */
function generatorVersion(): string {
  const data = join(import.meta.dir, 'data');
  const files = readdirSync(data)
    .sort()
    .map((name) => join(data, name));
  const others = GENERATOR_FILES.map((name) => join(import.meta.dir, name));
  const sources = [...files, ...others].map((path) => readFileSync(path, 'utf8'));
  return Bun.hash([Bun.version, ...sources].join('\n')).toString(16);
}
