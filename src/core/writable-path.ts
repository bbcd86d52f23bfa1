import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The path, or its first parent that exists: missing folders are created there. */
export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

/** Whether this user may write to a file or folder. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
