import { beforeAll, describe, expect, test } from 'bun:test';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { Glob } from 'bun';
import { temporaryFolders } from '../support/temporary-folder.ts';

const TESTS = join(import.meta.dir, '..');
const ANNOUNCED = 'failed once, passed when it was run again alone';

const folder = temporaryFolders();

const importing = "import { expect, test } from 'bun:test';\nimport { double } from '../src/double.ts';\n";
const PASSES = `${importing}test('doubles', () => expect(double(2)).toBe(4));\n`;
const FAILS = `${importing}test('is broken', () => expect(double(2)).toBe(5));\n`;
const FAILS_ONCE = `${importing}import { existsSync, writeFileSync } from 'node:fs';
test('is hindered once', () => {
  const isFirst = !existsSync('hindered');
  writeFileSync('hindered', '');
  expect(double(2)).toBe(4);
  if (isFirst) throw new Error('The machine was busy');
});
`;

interface Outcome {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** Runs the runner itself over a project of its own, whose lanes hold one file each and the given ones. */
async function runOver(files: Readonly<Record<string, string>>): Promise<Outcome> {
  const root = folder();
  const own = (await Array.fromAsync(new Glob('run/*.ts').scan(TESTS))).filter((path) => !path.endsWith('.test.ts'));
  for (const path of ['run.ts', ...own]) await cp(join(TESTS, path), join(root, 'tests', path));
  const project = {
    'src/double.ts': 'export const double = (value: number) => {\n  return value * 2;\n};\n',
    'tests/sums.test.ts': PASSES,
    'tests/sums.property.test.ts': PASSES,
    'tests/sums.timing.test.ts': PASSES,
    ...files,
  };
  for (const [path, content] of Object.entries(project)) await Bun.write(join(root, path), content);
  const runner = Bun.spawn([process.execPath, 'tests/run.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const output = await runner.stdout.text();
  return { exitCode: await runner.exited, lines: output.trim().split('\n') };
}

describe('a test that fails, and passes when its file is run again alone', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await runOver({ 'tests/stop.timing.test.ts': FAILS_ONCE });
  });

  test('is printed as flaky with its first error', () => {
    const start = outcome.lines.indexOf(`flaky: tests/stop.timing.test.ts > is hindered once: ${ANNOUNCED}`);
    expect(start).toBeGreaterThan(0);
    expect(outcome.lines.slice(start).join('\n')).toContain('The machine was busy');
  });

  test('counts as passed', () => {
    expect(outcome.lines.at(-1)).toBe('4 passed, 0 failed');
    expect(outcome.exitCode).toBe(0);
  });

  test('leaves the coverage as it is', () => {
    const coverage = outcome.lines.find((line) => line.startsWith('line coverage of src/: '));
    expect(coverage).toStartWith('line coverage of src/: 100.00 %');
  });
});

test('a test that fails again has failed', async () => {
  const { exitCode, lines } = await runOver({ 'tests/broken.test.ts': FAILS, 'tests/stop.timing.test.ts': FAILS_ONCE });
  expect(lines).toContain('again-1: tests/broken.test.ts');
  expect(lines).toContain('failed: tests/broken.test.ts > is broken');
  expect(lines.filter((line) => line.startsWith('flaky: '))).toHaveLength(1);
  expect(lines.at(-1)).toBe('4 passed, 1 failed');
  expect(exitCode).toBe(1);
});

test('if tests of more than three files failed, nothing is run again', async () => {
  const broken = ['a', 'b', 'c'].map((name) => [`tests/${name}.test.ts`, FAILS]);
  const { exitCode, lines } = await runOver({ ...Object.fromEntries(broken), 'tests/stop.timing.test.ts': FAILS_ONCE });
  expect(lines.filter((line) => /^(again|flaky)/.test(line))).toEqual([]);
  expect(lines.at(-1)).toBe('3 passed, 4 failed');
  expect(exitCode).toBe(1);
});
