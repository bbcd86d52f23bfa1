import { Database } from 'bun:sqlite';
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** A database that holds a mirror, in memory or in a file that its owner alone may read. */
export interface MirrorFile {
  readonly database: Database;
  /** Of a file that was loaded: puts it in the place of the kept one. @param release closes the kept one first */
  finish(release: () => void): MirrorFile;
  /** Closes it and removes its file. */
  discard(): void;
  close(): void;
}

/** @param what `loading` makes a new one beside the one that is kept */
export function openMirrorFile(path: string | null, what: 'kept' | 'loading'): MirrorFile {
  if (path === null) return inMemory();
  if (what === 'kept') return opened(path);
  const loading = `${path}.loading`;
  remove(loading);
  const database = open(loading);
  // Nobody reads it before it is complete, and an incomplete one is thrown away at the next start.
  database.run('pragma journal_mode = off');
  database.run('pragma synchronous = off');
  return {
    database,
    finish(release) {
      database.run('pragma journal_mode = wal');
      database.close();
      sync(loading);
      release();
      remove(path);
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

function inMemory(): MirrorFile {
  const database = new Database(':memory:');
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

function opened(path: string): MirrorFile {
  const database = open(path);
  try {
    // One process alone: another one that starts on the same folder keeps its mirror in memory.
    database.run('pragma locking_mode = exclusive');
    database.run('pragma journal_mode = wal');
    database.run('pragma synchronous = normal');
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
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const database = new Database(path, { readwrite: true, create: false });
  database.run('pragma busy_timeout = 0');
  database.run('pragma temp_store = memory');
  return database;
}

function remove(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
