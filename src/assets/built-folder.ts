import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** Whether a build exists. It is renamed into place when complete, so a folder that exists is whole. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds into a temporary folder and renames it when complete, so that no process sees half a build. Deletes old builds
 * beside it, but not the one before, which a running server may still read, and none that may be in progress.
 */
export async function buildFolder(folder: string, build: (draft: string) => Promise<void>): Promise<void> {
  // Not `mkdtemp`, whose folder only its owner may read: the image is built as root and runs as another user.
  const draft = `${folder}-${Bun.randomUUIDv7()}`;
  try {
    await mkdir(draft, { recursive: true });
    await build(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have built the same folder meanwhile.
    if (!(await exists(folder))) throw error;
  }
  await removeOlderThan(folder);
}

/** No build takes longer, ms. */
const BUILDS_WITHIN_MS = 3_600_000;

async function removeOlderThan(folder: string): Promise<void> {
  const parent = dirname(folder);
  const names = (await readdir(parent)).filter((name) => name !== basename(folder));
  const others = await Promise.all(
    names.map(async (name) => ({ path: join(parent, name), at: await builtAt(join(parent, name)) })),
  );
  const [, ...older] = others.toSorted((left, right) => right.at - left.at);
  const unused = older.filter(({ at }) => Date.now() - at > BUILDS_WITHIN_MS);
  await Promise.all(unused.map(({ path }) => rm(path, { recursive: true, force: true })));
}

/** When a folder was last written to; now if another process has just renamed or deleted it. */
async function builtAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return Date.now();
  }
}

/** A digest of files and whole folders, given by paths relative to `root`. */
export async function digestOf(root: string, sources: readonly string[]): Promise<string> {
  const hasher = new Bun.CryptoHasher('sha256');
  const found = await Promise.all(sources.map((source) => filesIn(join(root, source))));
  for (const path of found.flat().sort()) {
    hasher.update(`${relative(root, path)}\n`);
    hasher.update(await Bun.file(path).bytes());
  }
  return hasher.digest('hex').slice(0, 16);
}

/** The paths of all files in a folder, or the path of a file itself. */
export async function filesIn(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
