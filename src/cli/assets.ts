import { setPriority } from 'node:os';
import { buildAssets } from '../open-assets.ts';
import { explainStart } from '../start-errors.ts';

/** Of 19: a server that waits for the page has figures to load meanwhile. */
const NICE = 10;

/** Builds the files for browsers if they are missing. The image runs this in a stage that has the development packages. */
try {
  setPriority(NICE);
  await buildAssets();
} catch (error) {
  console.error(explainStart(error) ?? error);
  process.exit(1);
}
