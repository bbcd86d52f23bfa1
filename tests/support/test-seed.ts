import fc from 'fast-check';
import { type Random, randomStream } from '../../src/demo/data/random.ts';

/** The seed of every random value in this run, as tests/preload.ts chose it. */
export const testSeed = fc.readConfigureGlobal().seed ?? 0;

/** Random values for one purpose, the same in each run with this seed. */
export function seededRandom(purpose: string): Random {
  return randomStream(testSeed, purpose);
}
