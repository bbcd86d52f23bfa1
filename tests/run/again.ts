import type { BunTest } from './bun-test.ts';
import { type FailedTest, readResults, type TestResults } from './results.ts';

/** If tests of more files failed, the commit is broken rather than the machine busy. */
const MOST_FILES = 3;

/** The second run of a file. */
export interface SecondRun {
  readonly file: string;
  readonly run: BunTest;
}

/**
 * Runs each file with a failed test once more, one at a time, or nothing if there are more than three. Its random values
 * are the same again, so a test fails again unless its failure depends on time.
 */
export async function runAgain(
  failed: readonly FailedTest[],
  run: (file: string, name: string) => Promise<BunTest>,
): Promise<SecondRun[]> {
  const files = [...new Set(failed.map(({ file }) => file))];
  if (files.length > MOST_FILES) return [];
  const again: SecondRun[] = [];
  for (const [index, file] of files.entries()) again.push({ file, run: await run(file, `again-${index + 1}`) });
  return again;
}

/** The results after the second runs. */
export interface SettledResults {
  readonly results: TestResults;
  /** Tests that failed, but whose file passed in its second run; they count as passed. */
  readonly flaky: readonly FailedTest[];
}

export function settle(first: TestResults, again: readonly SecondRun[]): SettledResults {
  const hasPassed = ({ file, name }: FailedTest) =>
    again.some(({ file: secondFile, run: { exitCode, junit } }) => {
      const { passed, skipped } = readResults(junit);
      return secondFile === file && exitCode === 0 && passed > 0 && !skipped.includes(name);
    });
  const flaky = first.failed.filter(hasPassed);
  const failed = first.failed.filter((test) => !flaky.includes(test));
  return { results: { ...first, passed: first.passed + flaky.length, failed }, flaky };
}
