import { dlopen, FFIType } from 'bun:ffi';
import { closeSync, openSync } from 'node:fs';

const POSIX_FADV_DONTNEED = 4;

const libc = dlopen('libc.so.6', {
  posix_fadvise: { args: [FFIType.i32, FFIType.i64, FFIType.i64, FFIType.i32], returns: FFIType.i32 },
});

/**
 * Makes the system forget what it holds in memory of the files in a folder, as after the machine's own start; what another
 * process has mapped stays, the program of Bun for example.
 */
export async function forgetFiles(folder: string): Promise<void> {
  for await (const path of new Bun.Glob('**/*').scan({ cwd: folder, absolute: true, dot: true })) {
    const file = openSync(path, 'r');
    libc.symbols.posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    closeSync(file);
  }
}
