import { join } from 'node:path';
import type { AssetFile, AssetSource } from '../core/http/assets.ts';
import { readAssets, writeAssets } from './asset-folder.ts';
import { buildFolder, digestOf, exists } from './built-folder.ts';
import { bundle } from './bundle.ts';
import { compressAssets } from './compress-assets.ts';

/** Files and folders that the page depends on. */
const SOURCES = ['src/web', 'src/client', 'src/assets', 'bun.lock', 'tsconfig.json'];

/** @returns the folder of a page built from the current sources, whether it exists or not */
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
  /** Look for changed sources on each request, for developers; otherwise once. */
  readonly watch: boolean;
  /** Called once for a failed build. */
  readonly onError: (error: unknown) => void;
}

/**
 * The built page. If it is missing, a separate process builds it, so that the server stays responsive. A failed build is
 * not repeated until the sources change.
 */
export function pageSource({ root, command, watch, onError }: PageSourceOptions): AssetSource {
  let opened: { readonly folder: string; readonly files: Promise<readonly AssetFile[]> } | undefined;
  let isReported = false;
  const findFolder = async () => {
    try {
      return await pageFolder(root);
    } catch (error) {
      if (!isReported) onError(error);
      isReported = true;
      throw error;
    }
  };
  return {
    async files() {
      if (opened !== undefined && !watch) return opened.files;
      const folder = await findFolder();
      if (opened?.folder === folder) return opened.files;
      const files = readOrBuild(folder, { root, command });
      files.catch(onError);
      opened = { folder, files };
      return files;
    },
  };
}

async function readOrBuild(
  folder: string,
  { root, command }: Pick<PageSourceOptions, 'root' | 'command'>,
): Promise<readonly AssetFile[]> {
  if (!(await exists(folder))) await buildInProcess(root, command);
  return readAssets(folder);
}

/** @throws Error with the error output of the build */
async function buildInProcess(root: string, command: string): Promise<void> {
  // Without node_modules, Bun would download the imported packages.
  const builder = Bun.spawn([process.execPath, '--no-install', '--no-env-file', command], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [errorOutput, exitCode] = await Promise.all([builder.stderr.text(), builder.exited]);
  if (exitCode !== 0)
    throw new Error(`The live page could not be built (exit code ${exitCode}): ${errorOutput.trim()}`);
}
