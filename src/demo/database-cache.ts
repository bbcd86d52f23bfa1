import { Database } from 'bun:sqlite';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompanySpec } from './data/spec.ts';

/**
 * Keeps the demo's tables between two starts: making them takes longer than all the rest of a start together.
 *
 * A company that is kept ends at the moment it was made, so it serves for an hour only; then a new one is made.
 */
const KEPT_FOR_MS = 3_600_000;

const KEPT = /^demo-.+\.sqlite$/;
/** A file that is being written: its last part is the process that writes it. */
const UNFINISHED = /^demo-.+\.sqlite\.(\d+)$/;

/** What stands before the database's own bytes: a hash of all that follows, and when the company was made. */
const HASH_LENGTH = 8;
const HEADER_LENGTH = 16;

/** A kept company that is what `spec` asks for, and not too old; null where there is none. */
export function readKept(directory: string, spec: CompanySpec): Database | null {
  try {
    const bytes = readFileSync(join(directory, fileName(spec)));
    const age = spec.anchor - readInstant(bytes);
    if (age < 0 || age > KEPT_FOR_MS) return null;
    return Database.deserialize(bytes.subarray(HEADER_LENGTH), { strict: true, safeIntegers: true });
  } catch {
    // Not there, not whole, damaged, or of another form: a new one is made and takes its place.
    return null;
  }
}

/**
 * Keeps a company for the next start, in place of others that were kept. Does nothing where the folder cannot be
 * written: the next start then takes a little longer.
 *
 * @param image `Database.serialize` of a company as it was made
 */
export function keep(directory: string, spec: CompanySpec, image: Uint8Array): void {
  const name = fileName(spec);
  const unfinished = join(directory, `${name}.${process.pid}`);
  try {
    mkdirSync(directory, { recursive: true });
    clear(directory, (other) => KEPT.test(other) && other !== name);
    clearUnfinished(directory);
    writeFileSync(unfinished, withHeader(spec, image), { mode: 0o600 });
    renameSync(unfinished, join(directory, name));
  } catch {
    // A disk that is full gets the room back.
    clearUnfinished(directory);
  }
}

/** Removes what processes left behind that ended while they wrote. Does nothing where the folder cannot be read. */
export function clearUnfinished(directory: string): void {
  clear(directory, (name) => {
    const [, writer] = UNFINISHED.exec(name) ?? [];
    return writer !== undefined && (Number(writer) === process.pid || !isAlive(Number(writer)));
  });
}

function clear(directory: string, isUnwanted: (name: string) => boolean): void {
  try {
    for (const name of readdirSync(directory)) {
      if (isUnwanted(name)) rmSync(join(directory, name), { force: true });
    }
  } catch {
    // It is tried again at the next start.
  }
}

/** https://man7.org/linux/man-pages/man2/kill.2.html: signal 0 only asks whether there is such a process. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function withHeader({ anchor }: CompanySpec, image: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_LENGTH + image.byteLength);
  bytes.writeDoubleBE(anchor, HASH_LENGTH);
  bytes.set(image, HEADER_LENGTH);
  bytes.writeBigUInt64BE(hashOf(bytes));
  return bytes;
}

/** @throws RangeError or TypeError when the bytes are not those that were written */
function readInstant(bytes: Buffer): number {
  if (bytes.readBigUInt64BE() !== hashOf(bytes)) throw new TypeError('the file is damaged');
  return bytes.readDoubleBE(HASH_LENGTH);
}

function hashOf(bytes: Buffer): bigint {
  return BigInt(Bun.hash(bytes.subarray(HASH_LENGTH)));
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
