import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { FolderBusyError, withFolderLock } from '../../../src/features/exports/folder-lock.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const folders = temporaryFolders();
const PROGRAM = fileURLToPath(new URL('./locking-program.ts', import.meta.url));

function seenByAnother(directory: string): string {
  const { stdout } = Bun.spawnSync([process.execPath, PROGRAM, directory], { stderr: 'inherit' });
  return stdout.toString().trim();
}

test('a folder stays locked for other processes while this one tries to lock it again', async () => {
  const directory = folders();
  await withFolderLock(directory, 0, async () => {
    expect(seenByAnother(directory)).toBe('busy');
    await expect(withFolderLock(directory, 0, () => {})).rejects.toThrow(FolderBusyError);
    expect(seenByAnother(directory)).toBe('busy');
  });
  expect(seenByAnother(directory)).toBe('free');
});
