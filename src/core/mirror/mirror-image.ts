import { Database } from 'bun:sqlite';
import { readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A copy of a mirror as it was loaded, for the next start: where a source always begins with the same rows, as the demo
 * company does, they need not be loaded again. The file has a hash of what follows, the length of the name, the name of
 * those rows, and the database.
 */
const HASH_BYTES = 8;
const LENGTH_BYTES = 4;

/** @returns null if there is no image of these rows, or a damaged one */
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

/** Does nothing where the folder cannot be written: the next start then loads the rows. */
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
