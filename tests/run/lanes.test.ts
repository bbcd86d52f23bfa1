import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { lanesOf, sortTests } from './lanes.ts';

const folder = temporaryFolders();

const FILES = {
  'tests/sums.test.ts': "import { sum } from '../src/sum.ts';",
  'tests/core/shared.test.ts': "import { half } from '../support/half.ts';",
  'tests/core/spawning.test.ts': "Bun.spawn(['true']);",
  'tests/core/far.test.ts': "import { far } from '../support/far.ts';",
  'tests/core/browser.test.ts': "import { chromium } from 'playwright-core';",
  'tests/core/sums.property.test.ts': '',
  'tests/core/bytes.fuzz.test.ts': '',
  'tests/core/stop.timing.test.ts': "Bun.spawn(['true']);",
  'tests/core/stop.timeing.test.ts': '',
  'tests/support/far.ts': "export { listen } from './listen.ts';",
  'tests/support/listen.ts': "import { createServer } from 'node:net';\nexport const listen = () => createServer();",
  'tests/support/half.ts': "export { half } from './circle.ts';",
  'tests/support/circle.ts': "export * from './half.ts';\nexport const half = 1;",
  'src/sum.ts': 'Bun.spawn([]);',
};

test('a file is in the lane that its name says, else slow where its test code leaves the process', async () => {
  const root = folder();
  for (const [path, content] of Object.entries(FILES)) await Bun.write(join(root, path), content);
  expect(await sortTests(root)).toEqual({
    lanes: {
      fast: ['tests/core/shared.test.ts', 'tests/sums.test.ts'],
      slow: [
        'tests/core/browser.test.ts',
        'tests/core/bytes.fuzz.test.ts',
        'tests/core/far.test.ts',
        'tests/core/spawning.test.ts',
        'tests/core/sums.property.test.ts',
      ],
      alone: ['tests/core/stop.timing.test.ts'],
    },
    unassigned: ['tests/core/stop.timeing.test.ts'],
  });
});

test('every test file has a lane', async () => {
  expect((await sortTests(join(import.meta.dir, '../..'))).unassigned).toEqual([]);
});

test.each([
  [[], ['fast', 'slow', 'alone'], []],
  [['--lane=fast'], ['fast'], []],
  [
    ['--lane=alone,slow', '-t', 'seq'],
    ['slow', 'alone'],
    ['-t', 'seq'],
  ],
  [['tests/core'], [], ['tests/core']],
] as const)('the arguments %p run the lanes %p', (args, chosenLanes, rest) => {
  expect(lanesOf(args)).toEqual({ chosenLanes, args: [...rest] });
});

test('a lane that does not exist is refused', () => {
  expect(() => lanesOf(['--lane=fsat'])).toThrow('There is no lane fsat: give one of fast, slow, alone');
});
