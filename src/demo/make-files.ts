import { Database } from 'bun:sqlite';
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from '../core/feeds/folder/document.ts';
import { formatJsonLines } from '../core/feeds/folder/json-lines.ts';
import { generateDocuments } from './data/documents.ts';
import type { CompanySpec } from './data/spec.ts';
import { fillDatabase } from './database.ts';
import { COLLECTION_FILES, DATABASE_FILE } from './file-names.ts';

/**
 * Writes the files of a whole company into a folder, and waits until the disk has them.
 *
 * @throws SQLiteError or a file-system error when the disk does not take them
 */
export function makeFiles(directory: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  const { tickets, logs } = generateDocuments(spec);
  writeDatabase(join(directory, DATABASE_FILE), spec, onProgress);
  writeDocuments(join(directory, COLLECTION_FILES.support_tickets), tickets);
  writeDocuments(join(directory, COLLECTION_FILES.logs), logs);
  syncDirectory(directory);
}

/** Flushes the entries of a folder to disk. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/**
 * The file keeps SQLite's rollback journal: with a write-ahead log beside it, another database could not be put in its
 * place without harm (https://www.sqlite.org/howtocorrupt.html).
 */
function writeDatabase(path: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  const database = new Database(path, { create: true, strict: true });
  try {
    // The file is not read before it is complete: it needs no journal until then.
    database.run('pragma journal_mode = off');
    database.run('pragma synchronous = off');
    fillDatabase(database, spec, onProgress);
  } finally {
    database.close();
  }
  sync(path);
}

function writeDocuments(path: string, documents: readonly Document[]): void {
  writeFileSync(path, formatJsonLines(documents));
  sync(path);
}

function sync(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
