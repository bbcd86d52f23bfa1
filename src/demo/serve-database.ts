import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveDatabase, type WorkerPort } from '../core/sources/sql/sqlite/serve.ts';
import type { CompanySpec } from './data/spec.ts';
import { figureIndexes, fillDatabase } from './database.ts';
import { DATABASE_FILE } from './file-names.ts';
import { type DemoData, errorText } from './worker-messages.ts';

/** How long a statement waits while another program writes to the file. */
const BUSY_TIMEOUT_MS = 2_000;
/** The first figures are read without indexes sooner than with them; the next ones are read a second later. */
const INDEXES_AFTER_MS = 1_000;
const BETWEEN_INDEXES_MS = 50;

/**
 * Serves the SQL side of the demo from inside a Worker.
 *
 * @throws Error naming the file that cannot be opened
 */
export function serveDemoDatabase(data: DemoData, port: WorkerPort): void {
  if (data.kind === 'folder') {
    serveFile(join(data.directory, DATABASE_FILE), port);
    return;
  }
  const database = generateDatabase(data.spec, (text) => port.postMessage({ kind: 'progress', text }));
  serveDatabase(database, port, `SQLite in memory, demo data of seed ${data.spec.seed}`, true);
  makeIndexes(database, figureIndexes, INDEXES_AFTER_MS);
}

function generateDatabase(spec: CompanySpec, onProgress: (text: string) => void): Database {
  const database = new Database(':memory:', { strict: true });
  // There is nothing to be kept of a database in memory, so nothing to be rolled back to while it is filled.
  database.run('pragma journal_mode = off');
  fillDatabase(database, spec, onProgress);
  database.run('pragma journal_mode = memory');
  return database;
}

/** A folder without the file has no tables: nothing is made up next to somebody's own data. */
function serveFile(path: string, port: WorkerPort): void {
  if (!existsSync(path)) {
    serveDatabase(new Database(':memory:'), port, `no ${path}`);
    return;
  }
  try {
    serveDatabase(openFile(path), port, `SQLite file ${path}`);
  } catch (error) {
    throw new Error(`${path} cannot be read as a SQLite database: ${errorText(error)}`);
  }
}

/** A file that may not be written to is read all the same. */
function openFile(path: string): Database {
  try {
    return configure(new Database(path, { readwrite: true, create: false }));
  } catch {
    return configure(new Database(path, { readonly: true }));
  }
}

function configure(database: Database): Database {
  database.run(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // Opening alone reads nothing: a file that is none is noticed here.
  database.query('select count(*) from sqlite_schema').get();
  return database;
}

/**
 * One index at a time, so that whoever asks meanwhile waits for one only; and none within a reader's transaction, which
 * may be rolled back.
 */
function makeIndexes(database: Database, statements: readonly string[], delayMs: number): void {
  const [next, ...others] = statements;
  if (next === undefined) return;
  setTimeout(() => {
    try {
      if (database.inTransaction) makeIndexes(database, statements, BETWEEN_INDEXES_MS);
      else {
        database.run(next);
        makeIndexes(database, others, BETWEEN_INDEXES_MS);
      }
    } catch {
      // Closed meanwhile. An index changes how long an answer takes, and nothing else.
    }
  }, delayMs);
}
