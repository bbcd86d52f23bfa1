import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { VARIABLES } from '../../src/config/variables.ts';

const lines = (await Bun.file(join(import.meta.dir, '../../.env.example')).text()).split('\n');

test('a copy of .env.example changes nothing', () => {
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test('.env.example names every variable that is read, each under a line that says what it is', () => {
  const named = lines.flatMap((line) => /^#(\w+)=/.exec(line)?.[1] ?? []);
  expect(named).toEqual([...new Set(named)]);
  const read = Object.entries(VARIABLES).flatMap(([name, variable]) => [
    name,
    ...('alsoNamed' in variable ? (variable.alsoNamed ?? []) : []),
  ]);
  expect(read.filter((name) => !named.includes(name))).toEqual([]);
  const uncommented = lines.filter((line, index) => /^#\w+=/.test(line) && !(lines[index - 1] ?? '').startsWith('#'));
  expect(uncommented).toEqual([]);
});

test('the numbers in .env.example are the defaults', () => {
  const shown = new Map(lines.map((line) => /^#(\w+)=(\d+)$/.exec(line) ?? []).map(([, name, value]) => [name, value]));
  for (const [name, { fallback }] of Object.entries(VARIABLES)) {
    if (typeof fallback === 'number') expect(`${name}=${shown.get(name)}`).toBe(`${name}=${fallback}`);
  }
});
