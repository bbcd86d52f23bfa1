import { Database } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { createSerialQueue, type SerialQueue } from '../../runtime/serial-queue.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import { type FileState, fileState, isSameFile, isSameState } from './file-state.ts';
import { isNotWritable } from './sqlite-errors.ts';

/** How long a statement waits while another program writes to the file. It blocks the thread. */
const BUSY_TIMEOUT_MS = 1_000;

/** An open database, and how its changes are detected. */
export interface SqliteConnection {
  readonly database: Database;
  /** Identifies this connection. */
  readonly instance: string;
  /** Names its first rows if other processes start with the same ones; else null. */
  readonly image: string | null;
  readonly log: ChangeLog;
  readonly queue: SerialQueue;
  /** Checks whether another program wrote. @returns how often that was detected */
  generation(): number;
  /** Counts a change of ours that is not logged as one by another program. */
  noteUnlogged(): void;
  /** Call it after each change of ours, so that it does not count as one by another program. */
  noteOwnWrite(): void;
  /** Whether the open file is still the one at its path. */
  isCurrent(): boolean;
  close(): void;
}

/**
 * @param database only this connection changes it
 * @param image see `SqliteConnection`
 */
export function connectMemory(database: Database, image: string | null = null): SqliteConnection {
  let unlogged = 0;
  return {
    database,
    instance: crypto.randomUUID(),
    image,
    log: createChangeLog(database),
    queue: createSerialQueue(),
    generation: () => unlogged,
    noteUnlogged: () => {
      unlogged += 1;
    },
    noteOwnWrite: () => {},
    isCurrent: () => true,
    close: () => database.close(),
  };
}

/**
 * Opens a file, read-only if it is not writable.
 *
 * @returns null if there is no file
 * @throws SQLiteError if the file is not a database, or cannot be opened
 */
export function connectFile(path: string): SqliteConnection | null {
  let known = fileState(path);
  if (known === null) return null;
  const identity = known;
  const database = openFile(path);
  const version = database.query<{ data_version: number | bigint }, []>('pragma data_version');
  let knownVersion = Number(version.get()?.data_version);
  let log = logState(path);
  let generation = 0;
  return {
    database,
    instance: crypto.randomUUID(),
    image: null,
    log: createChangeLog(database),
    queue: createSerialQueue(),
    generation() {
      const now = fileState(path);
      const currentVersion = Number(version.get()?.data_version);
      const isMoved = now === null || !isSameState(now, known);
      if (currentVersion !== knownVersion || isMoved) generation += 1;
      // SQLite does not detect a database that was copied over the file, so its cache is dropped.
      if (currentVersion === knownVersion && isMoved) database.run('pragma shrink_memory');
      knownVersion = currentVersion;
      known = now;
      log = logState(path) ?? log;
      return generation;
    },
    noteUnlogged() {
      generation += 1;
    },
    noteOwnWrite() {
      known = fileState(path);
      log = logState(path) ?? log;
    },
    isCurrent: () => isSameFile(fileState(path), identity),
    close() {
      const isReplaced = !isSameFile(fileState(path), identity);
      database.close();
      if (isReplaced) removeOrphanedLog(path, log);
    },
  };
}

function openFile(path: string): Database {
  try {
    return configure(new Database(path, { readwrite: true, create: false, safeIntegers: true, strict: true }));
  } catch (error) {
    if (!isNotWritable(error)) throw error;
    return configure(new Database(path, { readonly: true, safeIntegers: true, strict: true }));
  }
}

function configure(database: Database): Database {
  try {
    database.run(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Opening does not read: this statement fails if the file is not a database.
    database.query('select count(*) from sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The write-ahead log beside a database (https://www.sqlite.org/walformat.html). */
function logState(path: string): FileState | null {
  return fileState(`${path}-wal`);
}

/**
 * Removes the write-ahead log of a replaced database, which SQLite would apply to the new one. The new database's own log is
 * another file, and stays.
 */
function removeOrphanedLog(path: string, log: FileState | null): void {
  if (log === null || !isSameFile(logState(path), log)) return;
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
}
