import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveDatabase, type WorkerPort } from '../core/sources/sql/sqlite/serve.ts';
import type { CompanySpec } from './data/spec.ts';
import { figureIndexes, fillDatabase } from './database.ts';
import { keep, markMade, readKept } from './database-cache.ts';
import { DATABASE_FILE } from './file-names.ts';
import { type DemoData, errorText } from './worker-messages.ts';

/** How long a statement waits while another program writes to the file. */
const BUSY_TIMEOUT_MS = 2_000;
/** The first figures are read without indexes sooner than with them; the next ones are read a second later. */
const INDEXES_AFTER_MS = 1_000;
const BETWEEN_INDEXES_MS = 50;
/** Larger companies would take more room than their making takes time. */
const LARGEST_KEPT = 2;
/** By then the start is over, and nobody waits for the Worker. */
const KEEP_AFTER_MS = 3_000;

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
  const { spec } = data;
  const keptIn = spec.scale <= LARGEST_KEPT ? data.keptIn : null;
  const kept = keptIn === null ? null : readKept(keptIn, spec);
  const database = kept ?? generateDatabase(spec, (text) => port.postMessage({ kind: 'progress', text }));
  const image = kept === null && keptIn !== null ? database.serialize() : null;
  serveDatabase(database, port, `SQLite in memory, demo data of seed ${spec.seed}`, true);
  if (kept !== null) return;
  makeIndexes(database, figureIndexes, INDEXES_AFTER_MS);
  if (image !== null && keptIn !== null) keepWithIndexes(keptIn, spec, image);
}

/** Of the company as it was made: meanwhile the one that is served has begun to live. */
function keepWithIndexes(directory: string, spec: CompanySpec, image: Uint8Array): void {
  setTimeout(() => {
    const copy = Database.deserialize(image);
    for (const statement of figureIndexes) copy.run(statement);
    keep(directory, spec, copy.serialize());
    copy.close();
  }, KEEP_AFTER_MS);
}

function generateDatabase(spec: CompanySpec, onProgress: (text: string) => void): Database {
  const database = new Database(':memory:', { strict: true });
  // There is nothing to be kept of a database in memory, so nothing to be rolled back to while it is filled.
  database.run('pragma journal_mode = off');
  fillDatabase(database, spec, onProgress);
  markMade(database, spec);
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
