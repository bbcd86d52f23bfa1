import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
/** Used without git, as in an unpacked archive. */
const FALLBACK = 1;
/** Seeds are whole numbers from 0 to this. */
const LARGEST = 2 ** 31 - 1;

/**
 * The seed of all random values in the tests. It is derived from the committed files, so one commit always gives the same
 * result and the next tries other values. `TEST_SEED` sets another seed; `random` draws one.
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
