import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory with a size limit. */
export interface SmallDisk {
  readonly path: string;
  /** Changes its size and keeps its content. */
  resize(kilobytes: number): void;
  close(): void;
}

/** Only root may mount, and not in every container. */
export function mountDisk(kilobytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'greg-disk-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path);
  } catch (error) {
    rmSync(path, { recursive: true });
    throw error;
  }
  return {
    path,
    resize: (size) => run('mount', '-o', `remount,size=${size}k`, path),
    close() {
      run('umount', path);
      rmSync(path, { recursive: true });
    },
  };
}

function run(...command: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync([...command]);
  if (exitCode !== 0) throw new Error(`${command[0]}: ${stderr}`);
}

function tryMount(): string | null {
  try {
    mountDisk(64).close();
    return null;
  } catch {
    return 'file systems cannot be mounted here';
  }
}

/** Why no small disk can be created; null if it can. */
export const mountMissing: string | null = tryMount();
export const canMount = mountMissing === null;
