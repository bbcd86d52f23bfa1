import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { STORE_FILE } from '../../../src/core/store/store.ts';
import type { Random } from '../../../src/demo/data/random.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { seededRandom } from '../../support/test-seed.ts';

const PROGRAM = Bun.fileURLToPath(import.meta.resolve('./warm-run.ts'));
/** `WARM_KILLS=5000 npm run test:some tests/core/store/killed-warm-starts.test.ts` looks longer. */
const KILLS = Number(process.env.WARM_KILLS ?? 200);
/** A few contents and writes long. */
const LONGEST_LIFE_MS = 30;

const folder = temporaryFolders();

interface Seen {
  readonly seq: number;
  readonly status: string;
  readonly value: number;
}

/** Runs the program, and kills it at some moment after its first line. @returns what a client saw, in order */
async function runAndDie(directory: string, firstValue: number, random: Random): Promise<(Seen | null)[]> {
  const child = Bun.spawn([process.execPath, PROGRAM, directory, String(firstValue)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const decoder = new TextDecoder();
  let text = '';
  const begun = Promise.withResolvers<void>();
  const read = (async () => {
    for await (const bytes of child.stdout) {
      text += decoder.decode(bytes, { stream: true });
      begun.resolve();
    }
    begun.resolve();
  })();
  await begun.promise;
  await Bun.sleep(random.fraction() * LONGEST_LIFE_MS);
  child.kill('SIGKILL');
  await Promise.all([child.exited, read]);
  const complaints = await new Response(child.stderr).text();
  expect(complaints).toBe('');
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => {
    const [seq, status, value] = line.split(' ');
    return line === 'none' ? null : { seq: Number(seq), status: String(status), value: Number(value) };
  });
}

/** The value of the stored snapshot, if there is one. The whole file is checked. */
function storedValue(directory: string): number | null {
  const database = new Database(join(directory, STORE_FILE));
  try {
    expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
    const row = database.query<{ value: number }, []>(`select data ->> '$.value' as value from Snapshots`).get();
    return row?.value ?? null;
  } finally {
    database.close();
  }
}

/** Expects that no answer is empty and no number goes back or has two contents. @returns the last answer */
function expectGrowth(before: Seen, answers: readonly (Seen | null)[]): Seen {
  let newest = before;
  for (const seen of answers) {
    if (seen === null) throw new Error('An empty answer came after a snapshot');
    expect(seen.seq).toBeGreaterThanOrEqual(newest.seq);
    if (seen.seq === newest.seq) expect(seen.value).toBe(newest.value);
    newest = seen;
  }
  return newest;
}

test(
  `killed ${KILLS} times at any moment, a start serves the snapshot that was kept, and no number goes back`,
  async () => {
    let warm = 0;
    const series = async (name: string, kills: number) => {
      const random = seededRandom(`killed warm starts ${name}`);
      const directory = folder();
      let newest: Seen = { seq: 0, status: '', value: 0 };
      let stored: number | null = null;
      for (let kill = 0; kill < kills; kill++) {
        const answers = await runAndDie(directory, newest.value + 1, random);
        const first = answers[0] ?? null;
        expect(first && { status: first.status, value: first.value }).toEqual(
          stored === null ? null : { status: 'stale', value: stored },
        );
        if (first !== null) warm++;
        newest = expectGrowth(newest, first === null ? answers.slice(1) : answers);
        stored = storedValue(directory);
      }
    };
    await Promise.all([series('first', KILLS / 2), series('second', KILLS / 2)]);
    expect(warm).toBeGreaterThan(KILLS / 2);
  },
  KILLS * 1_000,
);
