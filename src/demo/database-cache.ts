import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompanySpec } from './data/spec.ts';

/**
 * Keeps the demo's tables between two starts: making them takes longer than all the rest of a start together.
 *
 * A company that is kept ends at the moment it was made, so it serves for an hour only; then a new one is made.
 */
const KEPT_FOR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A kept company that is what `spec` asks for, and not too old; null where there is none. */
export function readKept(directory: string, spec: CompanySpec): Database | null {
  const path = join(directory, fileName(spec));
  if (!existsSync(path)) return null;
  try {
    const bytes = readFileSync(path);
    if (bytes.byteLength !== wholeLength(bytes)) return null;
    const database = Database.deserialize(bytes, { strict: true });
    const age = spec.anchor - madeAt(database);
    if (age >= 0 && age <= KEPT_FOR_MS) return database;
    database.close();
  } catch {
    // Not whole, or no database: a new one is made and takes its place.
  }
  return null;
}

/**
 * Keeps a company for the next start, in place of others that were kept. Does nothing where the folder cannot be
 * written: the next start then takes a little longer.
 *
 * @param image `Database.serialize` of a company as it was made
 */
export function keep(directory: string, spec: CompanySpec, image: Uint8Array): void {
  const name = fileName(spec);
  try {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, name);
    writeFileSync(`${path}.${process.pid}`, image);
    renameSync(`${path}.${process.pid}`, path);
    for (const other of readdirSync(directory)) {
      if (other.startsWith(PREFIX) && other !== name) rmSync(join(directory, other), { force: true });
    }
  } catch {
    // As said.
  }
}

/** Notes in the database itself when it was made (https://www.sqlite.org/pragma.html#pragma_user_version). */
export function markMade(database: Database, { anchor }: CompanySpec): void {
  database.run(`pragma user_version = ${Math.floor(anchor / MINUTE_MS)}`);
}

/** As its header tells (https://www.sqlite.org/fileformat2.html#the_database_header): page size times pages. */
function wholeLength(bytes: Buffer): number {
  return bytes.readUInt16BE(16) * bytes.readUInt32BE(28);
}

function madeAt(database: Database): number {
  const row = database.query<{ user_version: number }, []>('pragma user_version').get();
  return (row?.user_version ?? 0) * MINUTE_MS;
}

const PREFIX = 'demo-';

function fileName({ seed, scale }: CompanySpec): string {
  return `${PREFIX}${seed}-${scale}-${generatorVersion()}.sqlite`;
}

/** A hash of all that makes the data, so that nothing is kept that would be made otherwise today. */
function generatorVersion(): string {
  const data = join(import.meta.dir, 'data');
  const files = readdirSync(data)
    .sort()
    .map((name) => join(data, name));
  const schema = join(import.meta.dir, '../core/sources/sql/sqlite/schema.ts');
  const text = [...files, schema, join(import.meta.dir, 'database.ts')].map((path) => readFileSync(path, 'utf8'));
  return Bun.hash(text.join('\n')).toString(16);
}
