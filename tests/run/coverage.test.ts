import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coveragePercent, measureCoverage } from './coverage.ts';

const LCOV = `TN:
SF:src/loaded.ts
DA:1,4
DA:2,0
DA:3,1
LF:3
LH:2
end_of_record
TN:
SF:tests/support/other.ts
DA:1,1
LF:1
LH:1
end_of_record
`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'coverage-'));
  await Bun.write(join(root, 'src/loaded.ts'), 'export const a = 1;\n');
  await Bun.write(
    join(root, 'src/core/types.ts'),
    "import type { A } from './a.ts';\n/** Words. */\nexport interface B { a: A }\n",
  );
  await Bun.write(join(root, 'src/core/forgotten.ts'), '// Why.\nexport function two(): number {\n  return 2;\n}\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('a file that no test loads counts as uncovered, one of types alone does not count', async () => {
  const coverage = await measureCoverage(LCOV, root);
  expect(coverage).toEqual({ lines: 3 + 2, covered: 2, neverLoaded: ['src/core/forgotten.ts'] });
  expect(coveragePercent(coverage)).toBe(40);
});

test('a line counts as covered that any of several runs covered', async () => {
  const second = 'TN:\nSF:src/loaded.ts\nDA:2,7\nDA:3,0\nDA:4,0\nend_of_record\n';
  const { lines, covered } = await measureCoverage(`${LCOV}${second}`, root);
  expect({ lines, covered }).toEqual({ lines: 4 + 2, covered: 3 });
});

test('without a report everything counts as uncovered', async () => {
  expect(coveragePercent(await measureCoverage('', root))).toBe(0);
});
