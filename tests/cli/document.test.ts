import { expect, test } from 'bun:test';
import { withVariables } from '../../src/cli/document.ts';

test('the README tells every variable as the configuration has it', async () => {
  const readme = await Bun.file(new URL('../../README.md', import.meta.url)).text();
  expect(withVariables(readme)).toBe(readme);
});
