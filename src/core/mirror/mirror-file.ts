import { Database } from 'bun:sqlite';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SourceError } from '../runtime/source-errors.ts';
import { isDamaged, isLocked } from '../sqlite/errors.ts';
import { createPrivate } from '../sqlite/private-file.ts';

/** A database with a mirror, in memory or in a file that only its owner can read. */
export interface MirrorFile {
  readonly database: Database;
  /** Replaces the kept file with this one. @param release called before; closes the kept file */
  finish(release: () => void): MirrorFile;
  /** Closes the database and removes its file. */
  discard(): void;
  close(): void;
}

/** Where the mirror of one source is kept: in memory, or in a file. */
export interface MirrorPlace {
  /** The mirror of an earlier process; null if there is no valid one. */
  kept(): MirrorFile | null;
  /** A new, empty one beside the kept one. */
  loading(): MirrorFile;
  close(): void;
}

/**
 * @param path null: in memory
 * @throws SourceError if another process uses the path
 */
export function openMirrorPlace(path: string | null): MirrorPlace {
  if (path === null) return { kept: () => null, loading: () => inMemory(), close: () => {} };
  const lock = takeLock(`${path}.lock`);
  const loading = `${path}.loading`;
  return {
    kept() {
      remove(loading);
      return existsSync(path) ? openOrRemove(path) : null;
    },
    loading: () => createLoading(path, loading),
    close: () => lock.close(),
  };
}

/** Locks a separate file, since the mirror's files replace each other. The lock ends with the process. */
function takeLock(path: string): Database {
  const database = open(path);
  try {
    database.run('pragma journal_mode = memory');
    database.run('begin exclusive');
    return database;
  } catch (error) {
    database.close();
    throw isLocked(error) ? new SourceError('Another process keeps its mirror there', { cause: error }) : error;
  }
}

/** @param database default: a new one */
export function inMemory(database = new Database(':memory:')): MirrorFile {
  database.run('pragma temp_store = memory');
  const file: MirrorFile = {
    database,
    finish(release) {
      release();
      return file;
    },
    discard: () => database.close(),
    close: () => database.close(),
  };
  return file;
}

function createLoading(path: string, loading: string): MirrorFile {
  remove(loading);
  const database = open(loading);
  // Without durability: nobody reads the file before it is complete, and the next start removes an incomplete one.
  database.run('pragma journal_mode = memory');
  database.run('pragma synchronous = off');
  return {
    database,
    finish(release) {
      database.run('pragma journal_mode = wal');
      database.close();
      sync(loading);
      release();
      // SQLite would apply the old file's log to the new file.
      if (existsSync(`${path}-wal`)) remove(path);
      renameSync(loading, path);
      sync(dirname(path));
      return openKept(path);
    },
    discard() {
      database.close();
      remove(loading);
    },
    close: () => database.close(),
  };
}

function openOrRemove(path: string): MirrorFile | null {
  try {
    return openKept(path);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    remove(path);
    return null;
  }
}

/** After a large transaction, the write-ahead log is truncated to this, bytes. */
const LARGEST_LOG = 16 * 1024 ** 2;

function openKept(path: string): MirrorFile {
  const database = open(path);
  try {
    // No other process reads it, so no shared-memory file is needed.
    database.run('pragma locking_mode = exclusive');
    database.run('pragma journal_mode = wal');
    database.run('pragma synchronous = normal');
    database.run(`pragma journal_size_limit = ${LARGEST_LOG}`);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    database,
    finish: () => openKept(path),
    discard() {
      database.close();
      remove(path);
    },
    close: () => database.close(),
  };
}

function open(path: string): Database {
  createPrivate(path);
  const database = new Database(path, { readwrite: true, create: false });
  database.run('pragma busy_timeout = 0');
  database.run('pragma temp_store = memory');
  return database;
}

/** Removes the database first: a log without its database is harmless, but not the reverse. */
function remove(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
