import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../../../src/demo/data/random.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { seededRandom } from '../../support/test-seed.ts';
import { contentFromScratch, contentOf, openSmall, rowsOfBatch } from './small-mirror.ts';

const PROGRAM = Bun.fileURLToPath(new URL('./writing-program.ts', import.meta.url));
/** `MIRROR_KILLS=5000 bun test tests/core/mirror/killed.test.ts` looks longer. */
const KILLS = Number(process.env.MIRROR_KILLS ?? 200);
/** A few commits long. */
const LONGEST_LIFE_MS = 25;
/** Into the first load. */
const LONGEST_START_MS = 100;

const folder = temporaryFolders();

/** Starts the program on a mirror, and kills it at some moment of its work. */
async function writeAndDie(path: string, random: Random): Promise<void> {
  const child = Bun.spawn([process.execPath, PROGRAM, path, String(random.next())], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (random.below(5) === 0) await Bun.sleep(random.fraction() * LONGEST_START_MS);
  else {
    const { value } = await child.stdout.getReader().read();
    if (value === undefined) throw new Error(`It ended by itself: ${await new Response(child.stderr).text()}`);
    await Bun.sleep(random.fraction() * LONGEST_LIFE_MS);
  }
  child.kill('SIGKILL');
  await child.exited;
}

/** @returns the position; null where the mirror has to be loaded again */
async function expectWhole(path: string): Promise<number | null> {
  const { mirror, database } = openSmall(path);
  const state = mirror.state();
  if (state !== null) {
    const number = Number(state.position);
    expect(contentOf(database())).toEqual(await contentFromScratch(rowsOfBatch(number)));
    expect(database().query('pragma integrity_check').values()).toEqual([['ok']]);
  }
  mirror.close();
  expect(readdirSync(dirname(path)).filter((name) => name.includes('loading'))).toEqual([]);
  return state === null ? null : Number(state.position);
}

test(
  `killed ${KILLS} times at any moment, the mirror is never half, nor its position ahead of its rows`,
  async () => {
    const series = async (name: string, kills: number) => {
      const random = seededRandom(`killed mirror ${name}`);
      const path = join(folder(), 'mirror.sqlite');
      let position: number | null = null;
      for (let kill = 0; kill < kills; kill++) {
        await writeAndDie(path, random);
        const found = await expectWhole(path);
        // What was committed stays.
        expect(found ?? 0).toBeGreaterThanOrEqual(position ?? 0);
        position = found;
      }
      expect(position).not.toBeNull();
    };
    await Promise.all([series('first', KILLS / 2), series('second', KILLS / 2)]);
  },
  KILLS * 1_000,
);
