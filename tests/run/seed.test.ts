import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { testSeed } from '../support/test-seed.ts';
import { chooseSeed } from './seed.ts';

const folder = temporaryFolders();

function git(directory: string, ...args: readonly string[]): void {
  const names = ['-c', 'user.name=a', '-c', 'user.email=a@localhost', '-c', 'commit.gpgsign=false'];
  // Without variables like GIT_DIR, which a git hook sets and which would name another repository.
  const env = { PATH: process.env.PATH ?? '' };
  expect(Bun.spawnSync(['git', ...names, ...args], { cwd: directory, env, stderr: 'inherit' }).exitCode).toBe(0);
}

async function commit(directory: string, content: string, message: string): Promise<void> {
  await Bun.write(`${directory}/a.txt`, content);
  git(directory, 'add', 'a.txt');
  git(directory, 'commit', '--quiet', '--message', message);
}

describe('the seed of a run', () => {
  test.each([
    ['0', 0],
    ['2147483647', 2_147_483_647],
  ])('is %s where TEST_SEED says so', (text, seed) => expect(chooseSeed(text)).toBe(seed));

  test.each(['2147483648', '-1', '1.5', 'abc', ' '])('is refused as %p', (text) => {
    expect(() => chooseSeed(text)).toThrow('give a whole number from 0 to 2147483647, or random');
  });

  test('can be drawn', () => {
    const drawn = new Set(Array.from({ length: 20 }, () => chooseSeed('random')));
    expect(drawn.size).toBeGreaterThan(1);
  });

  test.skipIf(Bun.which('git') === null)(
    `follows from the committed files alone${Bun.which('git') === null ? ' (skipped: no git is installed here)' : ''}`,
    async () => {
      const directory = folder();
      expect(chooseSeed('', directory)).toBe(1);
      git(directory, 'init', '--quiet');
      await commit(directory, 'first', 'One');
      const first = chooseSeed('', directory);
      await commit(directory, 'second', 'Two');
      expect(chooseSeed('', directory)).not.toBe(first);
      await commit(directory, 'first', 'Three');
      expect(chooseSeed('', directory)).toBe(first);
    },
  );

  test('is that of every property', () => {
    const outcome = fc.check(fc.property(fc.integer(), () => true));
    expect(outcome.seed).toBe(testSeed);
  });
});
