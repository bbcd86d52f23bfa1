import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../core/runtime/errors.ts';
import type { CompanySpec } from './data/spec.ts';
import { APPLICATION_ID } from './database.ts';
import { COLLECTION_FILES, DATABASE_FILE } from './file-names.ts';
import { makeFiles, syncDirectory } from './make-files.ts';

const FILES = [...Object.values(COLLECTION_FILES), DATABASE_FILE];

/** Where files are made; its new name says that they are all there. */
const MAKING = '.greg-making';
const MADE = '.greg-made';

/** `DEMO_DIR` names a folder that cannot be used; the message says which, why and what would do. */
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
 * Makes sure that a folder has data: an empty or missing one is filled, any other stays unchanged.
 *
 * Files are made aside and put in place all together, so that a folder whose making was interrupted is never taken for
 * a complete one: it is made again, or finished if only the last step was missing.
 *
 * @throws DemoFolderError if the folder cannot be made, read or filled, or its database is none
 */
export function prepareFolder(path: string, spec: CompanySpec, onProgress: (text: string) => void): DemoFolder {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true });
    rmSync(join(directory, MAKING), { recursive: true, force: true });
    if (existsSync(join(directory, MADE))) putInPlace(directory);
    else if (isEmpty(directory)) fillFolder(directory, spec, onProgress);
  } catch (error) {
    throw new DemoFolderError(directory, `it cannot be made or filled (${messageOf(error)})`, REMEDY);
  }
  return { directory, isGenerated: isGenerated(directory) };
}

const REMEDY = 'Name a folder that this program may write to, or unset DEMO_DIR: the data are in memory then';

function fillFolder(directory: string, spec: CompanySpec, onProgress: (text: string) => void): void {
  onProgress(`Making demo data in ${directory} …`);
  const making = join(directory, MAKING);
  try {
    mkdirSync(making);
    makeFiles(making, spec, onProgress);
  } catch (error) {
    // A disk that is full gets the room back.
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
  renameSync(making, join(directory, MADE));
  syncDirectory(directory);
  putInPlace(directory);
}

/** The database last: a folder that has it is complete. */
function putInPlace(directory: string): void {
  const made = join(directory, MADE);
  for (const file of readdirSync(made).sort(databaseLast)) renameSync(join(made, file), join(directory, file));
  rmSync(made, { recursive: true });
}

function databaseLast(left: string, right: string): number {
  return Number(left === DATABASE_FILE) - Number(right === DATABASE_FILE);
}

/** Hidden files and what a fresh file system brings with it do not count. */
function isEmpty(directory: string): boolean {
  return readdirSync(directory).every((name) => name.startsWith('.') || name === 'lost+found');
}

/** @throws DemoFolderError if the file is no SQLite database */
function isGenerated(directory: string): boolean {
  const path = join(directory, DATABASE_FILE);
  if (!existsSync(path)) return false;
  const header = readStart(directory, path);
  // A file without a byte is an empty database to SQLite.
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
const DATABASE_REMEDY = 'Put a database of SQLite 3 there, or take the file away';

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

/** Whether a folder has any of the files that are read. */
export function hasData({ directory }: DemoFolder): boolean {
  return FILES.some((file) => existsSync(join(directory, file)));
}
