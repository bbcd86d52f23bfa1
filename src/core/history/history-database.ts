import { Database } from 'bun:sqlite';
import { closeSync, openSync } from 'node:fs';

/**
 * A row of `Points` has all figures of a feature in one minute, as a blob of doubles: a row per figure would take ten times
 * the space.
 *
 * - `Series`: a feature computed from one database.
 * - `FigureLists`: which figures a blob has, in which order. A new version of the server may add figures.
 * - `Points`: `at` is in minutes since 1970. `figures` has 8 bytes per figure, little-endian; NaN if it had no value.
 */
const TABLES = [
  'create table if not exists Series (id integer primary key, feature text not null, source text not null, unique (feature, source)) strict',
  'create table if not exists FigureLists (id integer primary key, paths text not null unique) strict',
  'create table if not exists Points (series integer not null, at integer not null, list integer not null, figures blob not null, primary key (series, at)) strict, without rowid',
];

/** How long a statement waits for another process that writes or checkpoints, ms. */
const LOCK_WITHIN_MS = 5_000;
/** The write-ahead log is cut to this after a checkpoint. */
const LOG_BYTES = 1024 * 1024;

/**
 * Opens the file, or creates it, readable by its owner only. A commit is on the disk when it returns.
 *
 * @param path null for a database in memory
 * @throws SQLiteError or a file-system error
 */
export function openHistoryDatabase(path: string | null): Database {
  // SQLite gives its other files the mode of this one.
  if (path !== null) closeSync(openSync(path, 'a', 0o600));
  const database = new Database(path ?? ':memory:', { strict: true });
  try {
    database.run(`pragma busy_timeout = ${LOCK_WITHIN_MS}`);
    // Has an effect only before the file has its first page.
    database.run('pragma auto_vacuum = incremental');
    database.run('pragma journal_mode = wal');
    database.run('pragma synchronous = full');
    database.run(`pragma journal_size_limit = ${LOG_BYTES}`);
    database
      .transaction(() => {
        for (const table of TABLES) database.run(table);
      })
      .immediate();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
