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
 * Writes the files of a company into a folder and flushes them to disk.
 *
 * @throws SQLiteError or a file-system error if they cannot be written
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
 * The file uses SQLite's rollback journal. With a write-ahead log beside it, replacing the file could corrupt the database
 * (https://www.sqlite.org/howtocorrupt.html).
 */
function writeDatabase(path: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  const database = new Database(path, { create: true, strict: true });
  try {
    // Nobody reads the file before it is complete, so it needs no journal yet.
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
