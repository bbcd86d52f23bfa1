import { Database } from 'bun:sqlite';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
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
  makeLockFile(path);
  const database = new Database(path);
  try {
    database.run('pragma busy_timeout = 0');
    await begin(database, directory, withinMs);
    return await work();
  } finally {
    database.close();
  }
}

/** Made here, because the error of SQLite does not tell why it cannot be. */
function makeLockFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    // Not opened: closing a file releases every lock of the process on it (fcntl), also that of work in progress.
    accessSync(path, constants.R_OK | constants.W_OK);
  }
}

async function begin(database: Database, directory: string, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (true) {
    try {
      database.run('begin exclusive');
      return;
    } catch (error) {
      if (!hasCode(error, 'SQLITE_BUSY')) throw error;
      if (performance.now() > giveUpAt) throw new FolderBusyError(`Another process holds ${directory}`);
      await Bun.sleep(TRY_EVERY_MS);
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
