import type { Database } from 'bun:sqlite';
import { createSerialQueue } from '../../runtime/serial-queue.ts';
import { connectFile, connectMemory, type SqliteConnection } from './sqlite-connection.ts';
import { isBroken, sourceErrorOf } from './sqlite-errors.ts';
import { createWaker, type Waker } from './waker.ts';

/** A statement that writes. */
export interface SqliteStatement {
  readonly sql: string;
  readonly parameters: readonly (string | number | null)[];
}

/** A SQLite database over one connection, which is reopened if its file is replaced. */
export interface SqliteStore {
  /** The database as people know it, usually its path. */
  readonly place: string;
  readonly isFile: boolean;
  /** Woken by each change of ours. */
  readonly waker: Waker;
  /**
   * The connection; null if there is no file.
   *
   * @throws SourceError if the file is not a readable database
   */
  connection(): SqliteConnection | null;
  /**
   * Uses a connection exclusively.
   *
   * @throws SourceError that names the file
   */
  use<Result>(connection: SqliteConnection, work: () => Promise<Result> | Result): Promise<Result>;
  /**
   * Writes in one transaction. Does nothing if there is no file.
   *
   * @throws SourceError that names the file
   */
  write(work: (database: Database) => void): Promise<void>;
  close(): void;
}

/**
 * A database that only this connection changes.
 *
 * @param image names its rows if other processes start with the same ones
 */
export function memoryStore(database: Database, place: string, image: string | null = null): SqliteStore {
  const connection = connectMemory(database, image);
  return createStore({ place, isFile: false, open: () => connection });
}

/** A database in a file, which other programs may change, replace or remove. */
export function fileStore(path: string): SqliteStore {
  return createStore({ place: path, isFile: true, open: () => connectFile(path) });
}

interface StoreOptions {
  readonly place: string;
  readonly isFile: boolean;
  open(): SqliteConnection | null;
}

function createStore({ place, isFile, open }: StoreOptions): SqliteStore {
  const waker = createWaker();
  const writes = createSerialQueue();
  let current: SqliteConnection | null = null;

  const discard = () => {
    const old = current;
    current = null;
    old?.close();
  };
  const connection = (): SqliteConnection | null => {
    try {
      if (current !== null && !current.isCurrent()) discard();
      current ??= open();
      return current;
    } catch (error) {
      throw sourceErrorOf(error, place);
    }
  };
  const attempt = async <Result>(
    used: SqliteConnection,
    what: 'read' | 'written',
    work: () => Promise<Result> | Result,
  ): Promise<Result> => {
    try {
      return await used.queue(work);
    } catch (error) {
      if (isBroken(error) && used === current && isFile) discard();
      throw sourceErrorOf(error, place, what);
    }
  };
  return {
    place,
    isFile,
    waker,
    connection,
    use: (used, work) => attempt(used, 'read', work),
    write: (work) =>
      writes(async () => {
        const opened = connection();
        if (opened === null) return;
        await attempt(opened, 'written', () => {
          opened.generation();
          opened.database.transaction(() => work(opened.database)).immediate();
          opened.noteOwnWrite();
          if (!opened.log.isComplete) opened.noteUnlogged();
        });
        waker.wake();
      }),
    close: discard,
  };
}
