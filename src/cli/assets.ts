import { setPriority } from 'node:os';
import { buildAssets } from '../open-assets.ts';
import { explainStart } from '../start-errors.ts';

/** Nice value, up to 19: the server loads its figures at the same time. */
const NICE = 10;

/** Builds the files for browsers if they are missing. The image runs this in a stage that has the development packages. */
try {
  setPriority(NICE);
  await buildAssets();
} catch (error) {
  console.error(explainStart(error) ?? error);
  process.exit(1);
}
