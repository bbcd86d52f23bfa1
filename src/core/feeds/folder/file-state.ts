import { statSync } from 'node:fs';

/** Identifies a file and its content. */
export interface FileState {
  readonly device: number;
  readonly node: number;
  readonly modified: number;
  readonly size: number;
}

/** @returns null if the file is missing */
export function fileState(path: string): FileState | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return { device: found.dev, node: found.ino, modified: found.mtimeMs, size: found.size };
}

/** Whether a file is still the same one, even if its content changed. */
export function isSameFile(left: FileState | null, right: FileState | null): boolean {
  return left !== null && left.node === right?.node && left.device === right.device;
}

/** Whether a file was neither written nor replaced. Two missing files are equal. */
export function isSameState(left: FileState | null, right: FileState | null): boolean {
  if (left === null || right === null) return left === right;
  return isSameFile(left, right) && left.modified === right.modified && left.size === right.size;
}
