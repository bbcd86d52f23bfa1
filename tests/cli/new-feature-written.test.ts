import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Features are written into a copy of the repository, and checked there as written. */

const ROOT = join(import.meta.dir, '../..');
/** What is no part of the repository, or is linked. */
const NOT_COPIED = ['.git', 'coverage', 'node_modules', 'output'];
/** On a busy machine the compiler alone takes a minute. */
const WITHIN_MS = 180_000;
const CREATED = ['schemas', 'repository', 'service', 'index'].map((file) => `src/features/coupons/${file}.ts`);
const MOST_FILES = 12;

let copy: string;
let changed: string[];

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'new-feature-'));
  const entries = (await readdir(ROOT)).filter((name) => !NOT_COPIED.includes(name));
  await Promise.all(entries.map((name) => cp(join(ROOT, name), join(copy, name), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const before = await hashes();
  await bun('src/cli/new-feature.ts', 'coupons', '--source', 'sql', '--title', 'Cupons');
  const after = await hashes();
  changed = [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
  await bun('src/cli/new-feature.ts', 'receipts', '--table', 'Payments', '--title', 'Recibos');
  await bun('src/cli/new-feature.ts', 'refunds', '--table', 'Chargebacks');
  await bun('src/cli/new-feature.ts', 'requests', '--table', 'support_tickets');
}, WITHIN_MS);
afterAll(() => rm(copy, { recursive: true, force: true }));

/** @throws Error with what it wrote, where it fails */
async function bun(...args: readonly string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: copy,
    env: { ...Bun.env, ORACLE_RUNS: '20' },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [output, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}:\n${output}${errors}`);
  return output + errors;
}

async function hashes(): Promise<Map<string, bigint | number>> {
  const files = [...new Bun.Glob('**/*').scanSync({ cwd: copy, dot: true, followSymlinks: false })];
  const hashed = files.map(async (path) => [path, Bun.hash(await Bun.file(join(copy, path)).bytes())] as const);
  return new Map(await Promise.all(hashed));
}

describe('a feature on a new table', () => {
  test(`is written in ${MOST_FILES} files at most`, () => {
    expect(changed.sort()).toEqual(
      [
        ...CREATED,
        'tests/features/coupons/oracle.ts',
        'src/company/tables.ts',
        'src/features/index.ts',
        ...['db/schema.sql', 'db/login.sql', 'db/change-tracking.sql'],
        ...['tests/contract/golden/openapi.json', 'tests/contract/golden/catalogue.json'],
      ].sort(),
    );
    expect(changed.length).toBeLessThanOrEqual(MOST_FILES);
  });

  test('and is refused when it is there', async () => {
    const twice = await bun('src/cli/new-feature.ts', 'coupons', '--source', 'sql').catch(String);
    expect(twice).toContain('There is a feature coupons');
  });
});

describe('features as they are written', () => {
  test.each([
    ['compile', ['run', '--bun', 'tsc', '--noEmit']],
    ['pass the linter', ['run', '--bun', 'biome', 'check', '--error-on-warnings', 'src/features', 'tests/features']],
    [
      'keep to the walls',
      ['run', '--bun', 'depcruise', '--config', '.dependency-cruiser.mjs', '--preserve-symlinks', 'src'],
    ],
    ['leave nothing unused', ['run', '--bun', 'knip']],
    ['are documented as Redocly wants it', ['test', 'tests/contract/openapi.test.ts', '-t', 'finds nothing']],
    ['have demo rows', ['test', 'tests/demo/data/company.test.ts', '-t', 'fits its tables']],
  ])(
    '%s',
    async (_, args) => {
      await bun(...args);
    },
    WITHIN_MS,
  );

  test(
    'have the figures of their oracles, and every title',
    async () => {
      const figures = ['tests/features/agreement.property.test.ts', 'tests/contract/catalogue.test.ts'];
      const output = await bun('test', '--timeout', '60000', ...figures, '-t', 'coupons|receipts|refunds|requests');
      // Of each of the four, two properties and the five tests of its catalogue.
      expect(output).toMatch(/\b28 pass\n/);
    },
    WITHIN_MS,
  );
});
