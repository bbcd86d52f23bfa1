import { Database } from 'bun:sqlite';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const LOCK_FILE = '.lock';
const TRY_EVERY_MS = 20;

/** Another process has held the folder for too long. */
export class FolderBusyError extends Error {
  override readonly name = 'FolderBusyError';
}

/**
 * Does some work while no other process works in the folder.
 *
 * The lock is that of an SQLite file: the system releases it when the process ends, however it ends, so none is ever left
 * behind.
 *
 * @param withinMs how long to wait for another process
 * @throws FolderBusyError; a system error such as EACCES
 */
export async function withFolderLock<Result>(
  directory: string,
  withinMs: number,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const path = join(directory, LOCK_FILE);
  // Made here, because the error of SQLite does not tell why it cannot be.
  closeSync(openSync(path, 'a', 0o600));
  const database = new Database(path);
  try {
    database.run('pragma busy_timeout = 0');
    await begin(database, directory, withinMs);
    return await work();
  } finally {
    database.close();
  }
}

async function begin(database: Database, directory: string, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (true) {
    try {
      database.run('begin exclusive');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > giveUpAt) throw new FolderBusyError(`Another process holds ${directory}`);
      await Bun.sleep(TRY_EVERY_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}
