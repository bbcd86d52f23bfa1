import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { HISTORY_FILE } from '../../../src/core/history/history.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const PROGRAM = Bun.fileURLToPath(import.meta.resolve('./recording-run.ts'));
const KILLS = 200;
/** Runs that start while another one ends: two processes on one folder. */
const AT_ONCE = 2;
/** So few that all points are of the same days, and none is thinned. */
const MINUTES_EACH = 40;
const SLOW_MS = 150_000;

const folder = temporaryFolders();

/** Records from a value on, and is killed after its n-th commit. @returns the values that it said are committed */
async function runUntilKilled(path: string, first: number, commits: number): Promise<number[]> {
  const child = Bun.spawn([process.execPath, PROGRAM, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of child.stdout) {
    text += decoder.decode(bytes, { stream: true });
    // Not at a commit, but wherever the next one happens to be.
    if (text.split('\n').length > commits) child.kill('SIGKILL');
  }
  await child.exited;
  expect(child.signalCode).toBe('SIGKILL');
  return text.split('\n').slice(0, -1).map(Number);
}

test(
  `no committed point is lost in ${KILLS} kills, and the file stays whole`,
  async () => {
    const path = join(folder(), HISTORY_FILE);
    const committed: number[] = [];
    const worker = async (own: number) => {
      for (let kill = own; kill < KILLS; kill += AT_ONCE) {
        committed.push(...(await runUntilKilled(path, kill * MINUTES_EACH, 1 + (kill % 7))));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, own) => worker(own)));
    const database = new Database(path);
    expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
    const kept = database.query<{ at: number; value: Uint8Array }, []>('select at, figures as value from Points').all();
    const values = new Map(
      kept.map(({ at, value }) => [at, new DataView(value.buffer, value.byteOffset).getFloat64(0, true)]),
    );
    database.close();
    expect(committed.length).toBeGreaterThanOrEqual(KILLS);
    expect(committed.filter((value) => values.get(value) !== value)).toEqual([]);
  },
  SLOW_MS,
);
