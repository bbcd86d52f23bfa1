import { expect, test } from 'bun:test';
import { documents } from '../../src/cli/document.ts';

const made = await documents();

test.each(made)('$path is as `npm run document` makes it', async ({ path, text }) => {
  expect(await Bun.file(new URL(`../../${path}`, import.meta.url)).text()).toBe(text);
});

test('the README, .env.example and every script in db/ are made', () => {
  const scripts = [...new Bun.Glob('db/*').scanSync(new URL('../../', import.meta.url).pathname)];
  expect(made.map(({ path }) => path).sort()).toEqual(['.env.example', 'README.md', ...scripts].sort());
});
