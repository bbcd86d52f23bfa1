import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../src/demo/data/random.ts';
import { openExportFolder } from '../../../src/features/exports/export-folder.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { seededRandom } from '../../support/test-seed.ts';
import { differingFiles, manifestOf, namesIn } from './some-files.ts';

const PROGRAM = Bun.fileURLToPath(new URL('./exporting-program.ts', import.meta.url));
/** `EXPORT_KILLS=5000 bun test tests/features/exports/killed.test.ts` looks longer. */
const KILLS = Number(process.env.EXPORT_KILLS ?? 200);
/** Some files long. */
const LONGEST_LIFE_MS = 25;
/** Two write into the same folder at once, and are killed at different moments. */
const WRITERS = 2;

const folders = temporaryFolders();

async function exportAndDie(directory: string, random: Random): Promise<void> {
  const child = Bun.spawn([process.execPath, PROGRAM, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { value } = await child.stdout.getReader().read();
  if (value === undefined) throw new Error(`It ended by itself: ${await new Response(child.stderr).text()}`);
  await Bun.sleep(random.fraction() * LONGEST_LIFE_MS);
  child.kill('SIGKILL');
  await child.exited;
}

test(
  `killed ${KILLS} times at any moment, no export is half, and the manifest lists what there is`,
  async () => {
    const directory = folders();
    const digests = new Map<string, string>();
    for (let round = 0; round < KILLS / WRITERS; round++) {
      const random = seededRandom(`killed exports ${round}`);
      const writers = Array.from({ length: WRITERS }, () => exportAndDie(directory, random));
      await Promise.all(writers);
      // As the processes left it: each listed file is whole. At most the last file of each is left half, under no final name.
      expect(differingFiles(directory)).toEqual([]);
      expect(namesIn(directory).temporary.length).toBeLessThanOrEqual(2 * WRITERS);
      await openExportFolder(directory);
      expect(namesIn(directory)).toEqual({ exported: namesOfManifest(directory), temporary: [] });
      expect(differingFiles(directory)).toEqual([]);
      for (const { name, sha256 } of manifestOf(directory)) digests.set(`${name} ${sha256}`, name);
    }
    // They did write, also the same file anew.
    expect(digests.size).toBeGreaterThan(KILLS / 4);
    const [first] = manifestOf(directory);
    const digest = createHash('sha256')
      .update(readFileSync(join(directory, first?.name ?? '')))
      .digest('hex');
    expect(digest).toBe(first?.sha256 ?? 'no file is left');
  },
  KILLS * 1_000,
);

function namesOfManifest(directory: string): string[] {
  return manifestOf(directory)
    .map(({ name }) => name)
    .sort();
}
