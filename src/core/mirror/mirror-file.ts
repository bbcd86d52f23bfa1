import { Database } from 'bun:sqlite';
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SourceError } from '../runtime/source-errors.ts';
import { isDamaged, isLocked } from '../sqlite/errors.ts';

/** A database that holds a mirror, in memory or in a file that its owner alone may read. */
export interface MirrorFile {
  readonly database: Database;
  /** Of a file that was loaded: puts it in the place of the kept one. @param release closes the kept one first */
  finish(release: () => void): MirrorFile;
  /** Closes it and removes its file. */
  discard(): void;
  close(): void;
}

/** Where the mirror of one source is: in memory, or in a file beside which others are made. */
export interface MirrorPlace {
  /** What an earlier process left; null where it left nothing that is a database. */
  kept(): MirrorFile | null;
  /** A new one, beside the one that is kept. */
  loading(): MirrorFile;
  close(): void;
}

/**
 * @param path null: in memory
 * @throws SourceError when another process keeps its mirror there
 */
export function openMirrorPlace(path: string | null): MirrorPlace {
  if (path === null) return { kept: () => null, loading: () => inMemory(), close: () => {} };
  const lock = takeLock(`${path}.lock`);
  const loading = `${path}.loading`;
  return {
    kept() {
      remove(loading);
      return existsSync(path) ? openedOrRemoved(path) : null;
    },
    loading: () => beingLoaded(path, loading),
    close: () => lock.close(),
  };
}

/** The lock outlasts the files of the mirror, which replace each other, and ends with the process. */
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

/** @param database a new one unless told otherwise */
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

function beingLoaded(path: string, loading: string): MirrorFile {
  remove(loading);
  const database = open(loading);
  // Nobody reads it before it is complete, and an incomplete one is thrown away at the next start.
  database.run('pragma journal_mode = memory');
  database.run('pragma synchronous = off');
  return {
    database,
    finish(release) {
      database.run('pragma journal_mode = wal');
      database.close();
      sync(loading);
      release();
      // A log that could not be written back would be taken for the new file's.
      if (existsSync(`${path}-wal`)) remove(path);
      renameSync(loading, path);
      sync(dirname(path));
      return opened(path);
    },
    discard() {
      database.close();
      remove(loading);
    },
    close: () => database.close(),
  };
}

function openedOrRemoved(path: string): MirrorFile | null {
  try {
    return opened(path);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    remove(path);
    return null;
  }
}

/** After a large transaction its log is cut back to this, bytes. */
const LARGEST_LOG = 16 * 1024 ** 2;

function opened(path: string): MirrorFile {
  const database = open(path);
  try {
    // Without other processes there is no need of a file that they would share.
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
    finish: () => opened(path),
    discard() {
      database.close();
      remove(path);
    },
    close: () => database.close(),
  };
}

/** The journals of a database have its permissions (https://www.sqlite.org/wal.html). */
function open(path: string): Database {
  createPrivate(path);
  const database = new Database(path, { readwrite: true, create: false });
  database.run('pragma busy_timeout = 0');
  database.run('pragma temp_store = memory');
  return database;
}

/** Only makes what is not there: to open and close a file gives up the locks that this process has on it (fcntl). */
function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  chmodSync(path, 0o600);
}

/** The file first: a log is of no use without it, but it may be half of what it says without its log. */
function remove(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
