import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFolder, digestOf, exists } from './assets/built-folder.ts';
import { buildPage, pageSource } from './assets/page.ts';
import type { Assets } from './core/http/assets.ts';
import { StartError } from './start-errors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Files and folders that the script of the documentation depends on. `package.json` has the exact version of each package. */
const SOURCES = ['package.json', 'src/open-assets.ts'];

const DOCUMENTATION_SCRIPT = 'documentation.js';

export interface OpenAssetsOptions {
  /** Rebuild the page when its sources change. */
  readonly watchPage: boolean;
  /** Called if the page cannot be built. */
  readonly onError: (error: unknown) => void;
}

/**
 * Opens the files for browsers, in `build/<what>/<digest of their sources>`. Missing files are built: the script of the
 * documentation now, the page on its first request, since that takes longer.
 *
 * Building needs development packages. It happens in `npm run assets`, on a developer's first start, or in a stage of the
 * Docker image. A production install lacks these packages and only reads the folder.
 *
 * @throws StartError if the script is missing and cannot be built
 */
export async function openAssets({ watchPage, onError }: OpenAssetsOptions): Promise<Assets> {
  return {
    documentationScript: join(await documentationFolder(), DOCUMENTATION_SCRIPT),
    page: pageSource({ root: ROOT, command: join(ROOT, 'src/cli/assets.ts'), watch: watchPage, onError }),
  };
}

/** @throws StartError if something is missing and cannot be built */
export async function buildAssets(): Promise<void> {
  await documentationFolder();
  try {
    await buildPage(ROOT);
  } catch (error) {
    throw failure(error);
  }
}

async function documentationFolder(): Promise<string> {
  const folder = join(ROOT, 'build/documentation', await digestOf(ROOT, SOURCES));
  try {
    if (!(await exists(folder))) await buildFolder(folder, copyDocumentationScript);
  } catch (error) {
    throw failure(error);
  }
  return folder;
}

function copyDocumentationScript(folder: string): Promise<void> {
  const script = new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference'));
  return copyFile(script, join(folder, DOCUMENTATION_SCRIPT));
}

function failure(cause: unknown): StartError {
  const reason = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : messageOf(cause);
  return new StartError(
    `The files for browsers are missing and cannot be built (${reason}). Install the packages that build them: bun install`,
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
