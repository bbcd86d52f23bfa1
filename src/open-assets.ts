import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assets } from './core/http/documentation.ts';
import { StartError } from './start-errors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILD = join(ROOT, 'build');

/** Files and folders that the result depends on. `package.json` has the exact version of each package. */
const SOURCES = ['package.json', 'src/open-assets.ts'];

const DOCUMENTATION_SCRIPT = 'documentation.js';

/**
 * The files for browsers, in `build/<digest of their sources>`, built first if they are missing.
 *
 * They are built from development packages: by `npm run assets`, by the first start on a developer's machine, or in a
 * stage of the image. A production install has no such packages and only reads the folder.
 *
 * @throws StartError if they are missing and cannot be built
 */
export async function openAssets(): Promise<Assets> {
  const folder = join(BUILD, await digestOf(SOURCES));
  if (!(await exists(folder))) await build(folder);
  return { documentationScript: join(folder, DOCUMENTATION_SCRIPT) };
}

/** Builds into a folder of its own and renames it when complete: another process never sees half of it. */
async function build(folder: string): Promise<void> {
  // Not `mkdtemp`, whose folder only its owner may read: the image is built as root and runs as another user.
  const draft = `${folder}-${Bun.randomUUIDv7()}`;
  try {
    await mkdir(draft, { recursive: true });
    await copyDocumentationScript(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have built the same folder meanwhile.
    if (!(await exists(folder))) throw failure(error);
  }
  await removeAllBut(folder);
}

function copyDocumentationScript(folder: string): Promise<void> {
  const script = new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference'));
  return copyFile(script, join(folder, DOCUMENTATION_SCRIPT));
}

function failure(cause: unknown): StartError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartError(
    `The files for browsers are missing and cannot be built (${reason}). Install the packages that build them: bun install`,
    { cause },
  );
}

async function removeAllBut(folder: string): Promise<void> {
  const others = (await readdir(BUILD)).map((name) => join(BUILD, name)).filter((path) => path !== folder);
  await Promise.all(others.map((path) => rm(path, { recursive: true, force: true })));
}

async function digestOf(sources: readonly string[]): Promise<string> {
  const hasher = new Bun.CryptoHasher('sha256');
  for (const path of await filesIn(sources)) {
    hasher.update(`${relative(ROOT, path)}\n`);
    hasher.update(await Bun.file(path).bytes());
  }
  return hasher.digest('hex').slice(0, 16);
}

/** Every file in the sources, in the same order on each machine. */
async function filesIn(sources: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    sources.map(async (source) => {
      const path = join(ROOT, source);
      if ((await stat(path)).isFile()) return [path];
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    }),
  );
  return found.flat().sort();
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
