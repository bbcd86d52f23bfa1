import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
/** Without git, as in an unpacked archive. */
const FALLBACK = 1;
/** Seeds are whole numbers from 0 to this one. */
const LARGEST = 2 ** 31 - 1;

/**
 * The seed of every random value in the tests: it follows from the committed files, so that the same commit gives the same
 * result, and each commit tries other values. `TEST_SEED` takes another one; `random` draws it.
 *
 * @throws Error when `TEST_SEED` is neither a seed nor `random`
 */
export function chooseSeed(wanted = process.env.TEST_SEED ?? '', root = ROOT): number {
  if (wanted === 'random') return Math.floor(Math.random() * LARGEST);
  if (wanted === '') return seedOfTree(root);
  const seed = Number(wanted);
  if (/^\d+$/.test(wanted) && seed <= LARGEST) return seed;
  throw new Error(`TEST_SEED=${wanted}: give a whole number from 0 to ${LARGEST}, or random`);
}

function seedOfTree(root: string): number {
  if (Bun.which('git') === null) return FALLBACK;
  const { success, stdout } = Bun.spawnSync(['git', 'rev-parse', 'HEAD^{tree}'], { cwd: root, stderr: 'ignore' });
  const hash = /^[0-9a-f]{8}/.exec(stdout.toString())?.[0];
  return success && hash !== undefined ? Number.parseInt(hash, 16) % (LARGEST + 1) : FALLBACK;
}
