import { Database } from 'bun:sqlite';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CompanySpec } from './data/spec.ts';

/**
 * Keeps the demo's tables between two starts: making them takes longer than all the rest of a start together.
 *
 * What is served is a copy in the same folder, whose name is removed as soon as it is open: it takes no memory beyond
 * SQLite's own cache, and it is gone with the process. A company that is kept ends at the moment it was made, so it serves
 * for an hour only; then a new one is made.
 */
const KEPT_FOR_MS = 3_600_000;

const KEPT = /^demo-.+\.sqlite$/;
/** A copy, or a file that is being written: both name the process that has them. */
const IN_USE = /^demo-.+\.sqlite\.(\d+)(?:\.new)?$/;

/** What stands before the database's own bytes: a hash of them, and when the company was made. */
const HEADER_LENGTH = 16;
const MADE_AT = 8;
const BYTES_AT_ONCE = 1_048_576;

/** A company that is kept. */
export interface KeptCompany {
  readonly database: Database;
  /** Names its rows: the next process that opens it begins with the same. */
  readonly image: string | null;
}

/** A kept company that is what `spec` asks for, whole, and not too old; null if there is none. */
export function openKept(directory: string, spec: CompanySpec): KeptCompany | null {
  const copy = copyPath(directory, spec);
  try {
    const hash = copyKept(join(directory, fileName(spec)), copy, spec);
    return hash === null ? null : { database: openCopy(copy), image: imageName(hash) };
  } catch {
    // Not there, not whole, damaged, or of another form: a new one is made and takes its place.
    return null;
  } finally {
    remove(copy);
  }
}

/**
 * Makes a company and keeps it for the next start, in place of others that were kept.
 *
 * @param fill given an empty database
 * @returns null if the folder cannot be written or is full
 */
export function makeKept(directory: string, spec: CompanySpec, fill: (database: Database) => void): KeptCompany | null {
  const copy = copyPath(directory, spec);
  let database: Database | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    remove(copy);
    clear(directory, (name) => KEPT.test(name));
    database = openCopy(copy);
    // The file is not read before it is complete: it needs no journal until then.
    database.run('pragma journal_mode = off');
    fill(database);
    database.run('pragma journal_mode = memory');
  } catch {
    database?.close();
    remove(copy);
    return null;
  }
  const hash = keep(copy, directory, spec);
  remove(copy);
  return { database, image: hash === null ? null : imageName(hash) };
}

function imageName(hash: bigint): string {
  return `demo ${hash.toString(16)}`;
}

/** Removes what processes left behind that are no more. Does nothing where the folder cannot be read. */
export function clearUnfinished(directory: string): void {
  clear(directory, (name) => {
    const [, owner] = IN_USE.exec(name) ?? [];
    return owner !== undefined && (Number(owner) === process.pid || !isAlive(Number(owner)));
  });
}

/** A database that only this process has open, and that need not survive a power failure. */
function openCopy(path: string): Database {
  const database = new Database(path, { create: true, readwrite: true, strict: true, safeIntegers: true });
  try {
    database.run('pragma locking_mode = exclusive');
    database.run('pragma synchronous = off');
    // A journal in a file would need the file's name.
    database.run('pragma journal_mode = memory');
    database.query('select count(*) from sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @returns the hash of the company; null if it is not whole, or too old */
function copyKept(path: string, copy: string, { anchor }: CompanySpec): bigint | null {
  const source = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_LENGTH);
    if (readSync(source, header) < HEADER_LENGTH) return null;
    const madeAt = header.readDoubleBE(MADE_AT);
    if (!(anchor >= madeAt && anchor - madeAt <= KEPT_FOR_MS)) return null;
    const target = openSync(copy, 'w', 0o600);
    try {
      const hash = hashWhile(source, target, madeAt);
      return hash === header.readBigUInt64BE() ? hash : null;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** @returns the hash of the company; null if the disk has no room: the next start then takes a little longer */
function keep(copy: string, directory: string, spec: CompanySpec): bigint | null {
  const unfinished = `${copy}.new`;
  try {
    const hash = writeKept(copy, unfinished, spec);
    renameSync(unfinished, join(directory, fileName(spec)));
    return hash;
  } catch {
    // A disk that is full gets the room back.
    remove(unfinished);
    return null;
  }
}

function writeKept(copy: string, path: string, { anchor }: CompanySpec): bigint {
  const source = openSync(copy, 'r');
  try {
    const target = openSync(path, 'w', 0o600);
    try {
      const header = Buffer.alloc(HEADER_LENGTH);
      writeSync(target, header);
      const hash = hashWhile(source, target, anchor);
      header.writeBigUInt64BE(hash);
      header.writeDoubleBE(anchor, MADE_AT);
      writeSync(target, header, 0, HEADER_LENGTH, 0);
      return hash;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/**
 * Copies the rest of a file, piece by piece.
 *
 * @returns a hash of what was copied, and of when it was made
 */
function hashWhile(source: number, target: number, madeAt: number): bigint {
  const piece = Buffer.alloc(BYTES_AT_ONCE);
  let hash = BigInt(Bun.hash(String(madeAt)));
  for (;;) {
    const length = readSync(source, piece);
    if (length === 0) return hash;
    const read = piece.subarray(0, length);
    hash = BigInt(Bun.hash(read, hash));
    for (let written = 0; written < length; ) written += writeSync(target, read, written);
  }
}

function clear(directory: string, isUnwanted: (name: string) => boolean): void {
  try {
    for (const name of readdirSync(directory)) if (isUnwanted(name)) remove(join(directory, name));
  } catch {
    // It is tried again at the next start.
  }
}

/** A file that is open cannot be removed everywhere; then it is at the next start. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // As said.
  }
}

/** Signal 0 only asks whether there is such a process (https://man7.org/linux/man-pages/man2/kill.2.html). */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function copyPath(directory: string, spec: CompanySpec): string {
  return join(directory, `${fileName(spec)}.${process.pid}`);
}

function fileName({ seed, scale }: CompanySpec): string {
  return `demo-${seed}-${scale}-${generatorVersion()}.sqlite`;
}

const MAKERS = ['database.ts', 'sqlite-schema.ts', '../company/tables.ts', '../company/column.ts', 'database-cache.ts'];

/** A hash of all that makes the data, so that nothing is kept that would be made otherwise today. */
function generatorVersion(): string {
  const data = join(import.meta.dir, 'data');
  const files = readdirSync(data)
    .sort()
    .map((name) => join(data, name));
  const makers = MAKERS.map((name) => join(import.meta.dir, name));
  return Bun.hash([...files, ...makers].map((path) => readFileSync(path, 'utf8')).join('\n')).toString(16);
}
