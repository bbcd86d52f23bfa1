import { openExportFolder } from '../../../src/features/exports/export-folder.ts';
import { fileOf } from './some-files.ts';

/** A program that exports into a folder until it is killed: files of random sizes, some of them again, and retention. */
const [directory = ''] = process.argv.slice(2);
const folder = await openExportFolder(directory);
process.stdout.write('ready\n');
while (true) {
  const seq = Math.floor(Math.random() * 40);
  const bytes = crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 60_000)));
  await folder.write(fileOf(seq), bytes);
  if (Math.random() < 0.2) await folder.deleteExpired({ days: 30, bytes: 300_000 }, Date.now());
}
