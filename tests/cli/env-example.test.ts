import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { parseAssignments } from '../../src/config/env-file-parser.ts';
import type { Variable } from '../../src/config/readers.ts';
import { VARIABLES } from '../../src/config/variables.ts';

const lines = (await Bun.file(join(import.meta.dir, '../../.env.example')).text()).split('\n');

test('a copy of .env.example changes nothing', () => {
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test('.env.example names every variable that is used and no other, each under a line that says what it is', () => {
  const named = lines.flatMap((line) => /^#(\w+)=/.exec(line)?.[1] ?? []);
  expect(named).toEqual([...new Set(named)]);
  const used = Object.entries<Variable<unknown>>(VARIABLES).filter(([, { isPlanned = false }]) => !isPlanned);
  const names = used.flatMap(([name, { alsoNamed = [] }]) => [name, ...alsoNamed]);
  expect(named.filter((name) => name !== 'EMIT_INTERVAL_MS_CLAIMS').sort()).toEqual(names.sort());
  const uncommented = lines.filter((line, index) => /^#\w+=/.test(line) && !(lines[index - 1] ?? '').startsWith('#'));
  expect(uncommented).toEqual([]);
});

test('what is uncommented in .env.example can be read', () => {
  const text = lines.map((line) => (/^#\w+=/.test(line) ? line.slice(1) : line)).join('\n');
  expect(parseAssignments(text).problems).toEqual([]);
});

test('the numbers in .env.example are the defaults', () => {
  const shown = new Map(lines.map((line) => /^#(\w+)=(\d+)$/.exec(line) ?? []).map(([, name, value]) => [name, value]));
  for (const [name, { fallback, isPlanned = false }] of Object.entries<Variable<unknown>>(VARIABLES)) {
    if (typeof fallback === 'number' && !isPlanned) expect(`${name}=${shown.get(name)}`).toBe(`${name}=${fallback}`);
  }
});
