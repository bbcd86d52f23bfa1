import { openAssets } from '../open-assets.ts';
import { explainStart } from '../start-errors.ts';

/** Builds the files for browsers if they are missing. The image runs this in a stage that has the development packages. */
try {
  await openAssets();
} catch (error) {
  console.error(explainStart(error) ?? error);
  process.exit(1);
}
