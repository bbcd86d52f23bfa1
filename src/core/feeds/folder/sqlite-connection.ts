import { Database } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { createSerialQueue, type SerialQueue } from '../../runtime/serial-queue.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import { type FileState, fileState, isSameFile, isSameState } from './file-state.ts';
import { isNotWritable } from './sqlite-errors.ts';

/** How long a statement waits while another program writes to the file. The thread stands still meanwhile. */
const BUSY_TIMEOUT_MS = 1_000;

/** A database that is open, and what is known of its changes. */
export interface SqliteConnection {
  readonly database: Database;
  /** Names this connection. */
  readonly instance: string;
  /** Names the rows that it began with, where others begin with the same; null where none do. */
  readonly image: string | null;
  readonly log: ChangeLog;
  readonly queue: SerialQueue;
  /** Looks whether another program wrote; how often it was noticed. */
  generation(): number;
  /** Changes by us that the log cannot name count as those of another program. */
  noteUnlogged(): void;
  /** To be called after each change of ours: it is not one of another program. */
  noteOwnWrite(): void;
  /** Whether the file that is open is still the one at its path. */
  isCurrent(): boolean;
  close(): void;
}

/**
 * @param database everything is changed over this one connection: nobody else can
 * @param image names its rows, where other processes begin with the same
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
 * Opens a file. One that may not be written to is read all the same.
 *
 * @returns null where there is none
 * @throws SQLiteError when it is no database, or cannot be opened
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
      // A program that copied another database over the file tells SQLite nothing: what it keeps of the old one is dropped.
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
    // Opening alone reads nothing: a file that is no database is noticed here.
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
 * A database that was replaced leaves its write-ahead log behind, which SQLite would apply to the new one. A log that the
 * new one brought along is another file, and stays.
 */
function removeOrphanedLog(path: string, log: FileState | null): void {
  if (log === null || !isSameFile(logState(path), log)) return;
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
}
