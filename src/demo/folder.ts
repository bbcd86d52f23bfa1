import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../core/runtime/errors.ts';
import type { CompanySpec } from './data/spec.ts';
import { APPLICATION_ID } from './database.ts';
import { COLLECTION_FILES, DATABASE_FILE } from './file-names.ts';
import { makeFiles, syncDirectory } from './make-files.ts';

const FILES = [...Object.values(COLLECTION_FILES), DATABASE_FILE];

/** Folder in which the files are written. It is renamed once all are complete. */
const DRAFT = '.greg-making';
const MADE = '.greg-made';

/** `DEMO_DIR` names a folder that cannot be used; the message says which, why, and how to fix it. */
export class DemoFolderError extends Error {
  override readonly name = 'DemoFolderError';

  constructor(directory: string, reason: string, remedy: string) {
    super(`DEMO_DIR is ${directory}: ${reason}. ${remedy}`);
  }
}

export interface DemoFolder {
  /** Absolute. */
  readonly directory: string;
  /** Whether we generated the data: a user's own data are changed only on request. */
  readonly isGenerated: boolean;
}

/**
 * Makes sure that a folder has data: fills an empty or missing one, and leaves any other unchanged.
 *
 * The files are written to a subfolder and moved into place together. So an interrupted run never looks complete: it is
 * repeated, or finished if only the last step was missing.
 *
 * @throws DemoFolderError if the folder cannot be created, read or filled, or its database is not SQLite
 */
export function prepareFolder(path: string, spec: CompanySpec, onProgress: (text: string) => void): DemoFolder {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true });
    rmSync(join(directory, DRAFT), { recursive: true, force: true });
    if (existsSync(join(directory, MADE))) putInPlace(directory);
    else if (isEmpty(directory)) fillFolder(directory, spec, onProgress);
  } catch (error) {
    throw new DemoFolderError(directory, `it cannot be created or filled (${messageOf(error)})`, REMEDY);
  }
  return { directory, isGenerated: isGenerated(directory) };
}

const REMEDY = 'Choose a folder that this program can write to, or unset DEMO_DIR to keep the data in memory';

function fillFolder(directory: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  onProgress(`Making demo data in ${directory} …`);
  const draft = join(directory, DRAFT);
  try {
    mkdirSync(draft);
    makeFiles(draft, spec, onProgress);
  } catch (error) {
    // Frees the space if the disk is full.
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  renameSync(draft, join(directory, MADE));
  syncDirectory(directory);
  putInPlace(directory);
}

/** Moves the database last, so a folder that has it is complete. */
function putInPlace(directory: string): void {
  const made = join(directory, MADE);
  for (const file of readdirSync(made).sort(databaseLast)) renameSync(join(made, file), join(directory, file));
  rmSync(made, { recursive: true });
}

function databaseLast(left: string, right: string): number {
  return Number(left === DATABASE_FILE) - Number(right === DATABASE_FILE);
}

/** Hidden files and the `lost+found` of a new file system do not count. */
function isEmpty(directory: string): boolean {
  return readdirSync(directory).every((name) => name.startsWith('.') || name === 'lost+found');
}

/** @throws DemoFolderError if the file is not a SQLite database */
function isGenerated(directory: string): boolean {
  const path = join(directory, DATABASE_FILE);
  if (!existsSync(path)) return false;
  const header = readStart(directory, path);
  // To SQLite, an empty file is an empty database.
  if (header.length === 0) return false;
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DemoFolderError(directory, `${DATABASE_FILE} is not a SQLite database`, DATABASE_REMEDY);
  }
  return header.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID;
}

/** https://www.sqlite.org/fileformat2.html#the_database_header */
const MAGIC = 'SQLite format 3\0';
const HEADER_LENGTH = 100;
const APPLICATION_ID_OFFSET = 68;
const DATABASE_REMEDY = 'Replace it with a SQLite 3 database, or remove it';

function readStart(directory: string, path: string): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  try {
    const file = openSync(path, 'r');
    const length = readSync(file, header, 0, HEADER_LENGTH, 0);
    closeSync(file);
    return header.subarray(0, length);
  } catch (error) {
    throw new DemoFolderError(directory, `${DATABASE_FILE} cannot be read (${messageOf(error)})`, DATABASE_REMEDY);
  }
}

/** Whether a folder has any data file. */
export function hasData({ directory }: DemoFolder): boolean {
  return FILES.some((file) => existsSync(join(directory, file)));
}
