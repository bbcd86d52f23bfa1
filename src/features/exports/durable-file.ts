import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const TEMPORARY = /^\.greg-bi-[0-9a-f-]+\.tmp$/;

/** Whether a name is one that `writeDurably` gives to a file that is not whole yet. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Writes a file so that its name never holds half of it, even if the machine loses power: into a temporary file of the same
 * folder, flushed to the disk, then renamed. Only the user of the process may read it.
 */
export async function writeDurably(directory: string, name: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = join(directory, `.greg-bi-${crypto.randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(directory, name));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(directory);
}

/** Flushes the names in a folder to the disk. */
async function syncFolder(directory: string): Promise<void> {
  // Windows opens no folder; it flushes names by itself.
  if (process.platform === 'win32') return;
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
