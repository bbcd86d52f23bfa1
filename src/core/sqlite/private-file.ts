import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';

/**
 * Makes a database readable by its owner only, and creates it if it is missing. SQLite gives the journal of a database its
 * permissions (https://www.sqlite.org/wal.html).
 *
 * Opens only missing files: closing a file would release the locks that this process holds on it (fcntl).
 *
 * @throws a file-system error
 */
export function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}
