import { heapStats } from 'bun:jsc';
import { readdirSync } from 'node:fs';

const CAN_COUNT_FILES = process.platform === 'linux';

/** Resources that this process still holds after cleaning up; no files on systems that cannot count them. */
export function heldResources(): { readonly files: number; readonly objects: number } {
  Bun.gc(true);
  const files = CAN_COUNT_FILES ? readdirSync('/proc/self/fd').length : 0;
  return { files, objects: heapStats().objectCount };
}
