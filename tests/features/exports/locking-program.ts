import { FolderBusyError, withFolderLock } from '../../../src/features/exports/folder-lock.ts';

/** Prints whether another process holds the folder that is its argument. */
const [directory = ''] = Bun.argv.slice(2);
try {
  await withFolderLock(directory, 0, () => console.log('free'));
} catch (error) {
  if (!(error instanceof FolderBusyError)) throw error;
  console.log('busy');
}
