import { Database } from 'bun:sqlite';
import { readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A copy of a loaded mirror for the next start. A source that always starts with the same rows, as the demo company does, is
 * then not loaded again. The file contains a hash of the rest, the length of the name, the name of the rows, and the
 * database.
 */
const HASH_BYTES = 8;
const LENGTH_BYTES = 4;

/** @returns null if there is no valid image with this name */
export function readImage(path: string, name: string): Database | null {
  try {
    const bytes = readFileSync(path);
    const content = bytes.subarray(HASH_BYTES);
    if (bytes.readBigUInt64LE() !== BigInt(Bun.hash(content))) return null;
    const start = LENGTH_BYTES + content.readUInt32LE();
    if (content.toString('utf8', LENGTH_BYTES, start) !== name) return null;
    return Database.deserialize(content.subarray(start));
  } catch {
    return null;
  }
}

/** Does nothing if the folder is not writable: the next start then loads the rows. */
export async function writeImage(path: string, name: string, database: Uint8Array): Promise<void> {
  const unfinished = `${path}.new`;
  try {
    const title = Buffer.from(name);
    const content = Buffer.concat([Buffer.alloc(LENGTH_BYTES), title, database]);
    content.writeUInt32LE(title.length);
    const hash = Buffer.alloc(HASH_BYTES);
    hash.writeBigUInt64LE(BigInt(Bun.hash(content)));
    await mkdir(dirname(path), { recursive: true });
    await rm(unfinished, { force: true });
    const file = await open(unfinished, 'wx', 0o600);
    await file.writev([hash, content]);
    await file.close();
    await rename(unfinished, path);
  } catch {
    await rm(unfinished, { force: true }).catch(() => {});
  }
}
