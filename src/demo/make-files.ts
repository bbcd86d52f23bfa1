import { Database } from 'bun:sqlite';
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatJsonLines } from '../core/sources/mongo/embedded/json-lines.ts';
import type { Document } from '../core/sources/mongo/embedded/messages.ts';
import { generateDocuments } from './data/documents.ts';
import type { CompanySpec } from './data/spec.ts';
import { figureIndexes, fillDatabase } from './database.ts';
import { COLLECTION_FILES, DATABASE_FILE } from './file-names.ts';

/** Writes the files of a whole company into a folder, and waits until the disk has them. */
export function makeFiles(directory: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  const { tickets, logs } = generateDocuments(spec);
  writeDatabase(join(directory, DATABASE_FILE), spec, onProgress);
  writeDocuments(join(directory, COLLECTION_FILES.support_tickets), tickets);
  writeDocuments(join(directory, COLLECTION_FILES.logs), logs);
}

function writeDatabase(path: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  const database = new Database(path, { create: true, strict: true });
  // Nobody reads the file before it is complete: it needs no journal until then.
  database.run('pragma journal_mode = off');
  database.run('pragma synchronous = off');
  fillDatabase(database, spec, onProgress);
  for (const statement of figureIndexes) database.run(statement);
  database.run('pragma journal_mode = wal');
  database.close();
  sync(path);
}

function writeDocuments(path: string, documents: readonly Document[]): void {
  writeFileSync(path, formatJsonLines(documents));
  sync(path);
}

function sync(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}
