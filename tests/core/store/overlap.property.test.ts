import { afterEach, describe, expect, test } from 'bun:test';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { seededRandom } from '../../support/test-seed.ts';

const PROGRAM = Bun.fileURLToPath(import.meta.resolve('./numbering-run.ts'));
const FEATURE = 'claims';
const folder = temporaryFolders();
const running = new Set<Run>();

afterEach(async () => {
  await Promise.all([...running].map((run) => run.kill()));
});

interface Run {
  /** Gives a content its number in that process. */
  number(hash: string): Promise<number>;
  kill(): Promise<void>;
  end(): Promise<void>;
}

/** A process on a folder that others may use at the same time. */
async function start(directory: string): Promise<Run> {
  const child = Bun.spawn([process.execPath, PROGRAM, directory, FEATURE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: Readable.from(child.stdout) })[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  expect(await line()).toBe('ready');
  let turn: Promise<unknown> = Promise.resolve();
  const run: Run = {
    number(hash) {
      child.stdin.write(`${hash}\n`);
      child.stdin.flush();
      const answer = turn.then(line).then(Number);
      turn = answer;
      return answer;
    },
    async kill() {
      child.kill('SIGKILL');
      await child.exited;
      running.delete(run);
    },
    async end() {
      child.stdin.end();
      expect(await child.exited).toBe(0);
      running.delete(run);
    },
  };
  running.add(run);
  return run;
}

function randomBelow(round: number): (bound: number) => number {
  const random = seededRandom(`shared folder, round ${round}`);
  return (bound) => random.below(bound);
}

describe('processes that share a folder', () => {
  test('a start during the life of another goes on from what that one reaches', async () => {
    const directory = folder();
    const first = await start(directory);
    for (let step = 1; step <= 5; step++) expect(await first.number(`a${step}`)).toBe(step);
    const second = await start(directory);
    expect(await second.number('b1')).toBe(6);
    for (let step = 7; step <= 21; step++) expect(await first.number(`a${step}`)).toBe(step);
    await first.end();
    await second.end();
    const third = await start(directory);
    expect(await third.number('c1')).toBe(22);
    await third.end();
  }, 120_000);

  test('the same content has the same number in both, whichever is first', async () => {
    const directory = folder();
    const [first, second] = [await start(directory), await start(directory)];
    for (const content of ['a', 'b', 'a', 'c']) {
      const [left, right] = await Promise.all([first.number(content), second.number(content)]);
      expect(left).toBe(right);
    }
  }, 120_000);

  test.each([1, 2, 3, 4])(
    'a number only grows for a client that moves between them, whatever starts, ends and is killed (round %d)',
    async (round) => {
      const directory = folder();
      const random = randomBelow(round);
      const runs: Run[] = [await start(directory)];
      let newest = { seq: 0, hash: 'first' };
      for (let step = 0; step < 60; step++) {
        if (random(4) === 0) await startOrEnd(runs, directory, random);
        const run = runs[random(runs.length)];
        if (run === undefined) continue;
        const hash = random(8) === 0 ? newest.hash : `content ${step}`;
        const seq = await run.number(hash);
        expect(seq).toBeGreaterThanOrEqual(newest.seq + (hash === newest.hash ? 0 : 1));
        newest = { seq, hash };
      }
    },
    60_000,
  );

  test.each([5, 6])(
    'that write at the same time, and are killed meanwhile, give no number to two contents (round %d)',
    async (round) => {
      const directory = folder();
      const random = randomBelow(round);
      const contents = new Map<number, string>();
      await Promise.all(
        ['a', 'b', 'c'].map(async (name) => {
          for (let life = 0; life < 3; life++) await live(await start(directory), `${name} ${life}`, random, contents);
        }),
      );
      expect(contents.size).toBeGreaterThan(20);
    },
    60_000,
  );
});

/** At most four run at a time. */
async function startOrEnd(runs: Run[], directory: string, random: (bound: number) => number): Promise<void> {
  const action = random(3);
  if (runs.length === 0 || (action === 0 && runs.length < 4)) {
    runs.push(await start(directory));
    return;
  }
  const [run] = runs.splice(random(runs.length), 1);
  await (action === 1 ? run?.kill() : run?.end());
}

/** Has a process number many contents, of which nobody reads the last numbers, and ends it meanwhile. */
async function live(run: Run, name: string, random: (bound: number) => number, contents: Map<number, string>) {
  const hashes = Array.from({ length: 10 + random(40) }, (_, index) => `${name} ${index}`);
  const answers = hashes.map((hash) => run.number(hash).then((seq) => ({ hash, seq })));
  for (const answer of answers) answer.catch(() => {});
  let last = 0;
  for (const answer of answers.slice(0, 1 + random(answers.length))) {
    const { hash, seq } = await answer;
    expect(seq).toBeGreaterThan(last);
    expect(contents.get(seq) ?? hash).toBe(hash);
    contents.set(seq, hash);
    last = seq;
  }
  await (random(2) === 0 ? run.kill() : run.end());
}
