import { join } from 'node:path';
import type { AssetFile, AssetSource } from '../core/http/assets.ts';
import { readAssets, writeAssets } from './asset-folder.ts';
import { buildFolder, digestOf, exists } from './built-folder.ts';
import { bundle } from './bundle.ts';
import { compressAssets } from './compress-assets.ts';

/** Files and folders that the page depends on. */
const SOURCES = ['src/web', 'src/client', 'src/assets', 'bun.lock', 'tsconfig.json'];

/** @returns where the page of the sources as they are belongs, built or not */
async function pageFolder(root: string): Promise<string> {
  return join(root, 'build/page', await digestOf(root, SOURCES));
}

/** Builds the page if it is missing, in this process. */
export async function buildPage(root: string): Promise<void> {
  const folder = await pageFolder(root);
  if (await exists(folder)) return;
  await buildFolder(folder, async (draft) => writeAssets(draft, await compressAssets(await bundle(root))));
}

export interface PageSourceOptions {
  readonly root: string;
  /** The program that builds all files for browsers. */
  readonly command: string;
  /** Look for changed sources at each request, as a developer wants it; otherwise they are read once. */
  readonly watch: boolean;
  /** Receives the error of a failed build, once. */
  readonly onError: (error: unknown) => void;
}

/**
 * The page, as it was built before or else is built now, by a process of its own so that the server is not held up. A build
 * that failed is not tried again until the sources change.
 */
export function pageSource({ root, command, watch, onError }: PageSourceOptions): AssetSource {
  let opened: { readonly folder: string; readonly files: Promise<readonly AssetFile[]> } | undefined;
  return {
    async files() {
      if (opened !== undefined && !watch) return opened.files;
      const folder = await pageFolder(root);
      if (opened?.folder === folder) return opened.files;
      const files = keptOrBuilt(folder, { root, command });
      files.catch(onError);
      opened = { folder, files };
      return files;
    },
  };
}

async function keptOrBuilt(
  folder: string,
  { root, command }: Pick<PageSourceOptions, 'root' | 'command'>,
): Promise<readonly AssetFile[]> {
  if (!(await exists(folder))) await buildElsewhere(root, command);
  return readAssets(folder);
}

/** @throws Error with what the build complained of */
async function buildElsewhere(root: string, command: string): Promise<void> {
  // Without a folder of packages Bun would fetch those that are imported.
  const builder = Bun.spawn([process.execPath, '--no-install', '--no-env-file', command], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [complaint, exitCode] = await Promise.all([builder.stderr.text(), builder.exited]);
  if (exitCode !== 0) throw new Error(`The live page could not be built (exit code ${exitCode}): ${complaint.trim()}`);
}
