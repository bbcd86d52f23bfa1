import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { AssetFile } from '../core/http/assets.ts';
import { filesIn } from './built-folder.ts';

const BROTLI = '.br';
const GZIP = '.gz';

/** Reads the files of a folder, each with its compressed versions beside it. */
export async function readAssets(folder: string): Promise<AssetFile[]> {
  const names = (await filesIn(folder)).map((path) => relative(folder, path).replaceAll('\\', '/'));
  const read = (name: string) => Bun.file(join(folder, name)).bytes();
  const plain = names.filter((name) => !name.endsWith(BROTLI) && !name.endsWith(GZIP));
  return Promise.all(
    plain.map(async (name) => ({
      path: `/${name}`,
      bytes: await read(name),
      compressed: {
        ...(names.includes(name + BROTLI) ? { br: await read(name + BROTLI) } : {}),
        ...(names.includes(name + GZIP) ? { gzip: await read(name + GZIP) } : {}),
      },
    })),
  );
}

export async function writeAssets(folder: string, files: readonly AssetFile[]): Promise<void> {
  for (const { path, bytes, compressed = {} } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
    if (compressed.br !== undefined) await writeFile(target + BROTLI, compressed.br);
    if (compressed.gzip !== undefined) await writeFile(target + GZIP, compressed.gzip);
  }
}
