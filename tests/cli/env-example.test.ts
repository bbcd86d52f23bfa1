import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { declaredVariables } from '../../src/config/config.ts';
import { parseAssignments } from '../../src/config/env-file-parser.ts';

const read = (name: string) => Bun.file(join(import.meta.dir, '../..', name)).text();
const lines = (await read('.env.example')).split('\n');
const used = declaredVariables().filter(({ isPlanned }) => !isPlanned);

test('a copy of .env.example changes nothing', () => {
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test('.env.example names every variable that is used and no other, each under a line that says what it is', () => {
  const named = lines.flatMap((line) => /^#(\w+)=/.exec(line)?.[1] ?? []);
  expect(named).toEqual([...new Set(named)]);
  expect(named.sort()).toEqual(used.flatMap(({ names }) => names).sort());
  const uncommented = lines.filter((line, index) => /^#\w+=/.test(line) && !(lines[index - 1] ?? '').startsWith('#'));
  expect(uncommented).toEqual([]);
});

test('what is uncommented in .env.example can be read', () => {
  const text = lines.map((line) => (/^#\w+=/.test(line) ? line.slice(1) : line)).join('\n');
  expect(parseAssignments(text).problems).toEqual([]);
});

test('the numbers in .env.example are the defaults', () => {
  const shown = new Map(lines.map((line) => /^#(\w+)=(\d+)$/.exec(line) ?? []).map(([, name, value]) => [name, value]));
  for (const { names, fallback } of used) {
    if (fallback === null || !/^\d+$/.test(fallback)) continue;
    for (const name of names) expect(`${name}=${shown.get(name)}`).toBe(`${name}=${fallback}`);
  }
});

test('the table in the README has a row for every variable that is used and for no other', async () => {
  const [, part = ''] = /<!-- variables: [^\n]*\n(.*)<!-- end of variables/s.exec(await read('README.md')) ?? [];
  const rows = part.split('\n').filter((line) => /^\| `.*\|.*\|.*\| .+ \|$/.test(line));
  const table = rows.map((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(table).toEqual(used.map(({ names }) => [...names]));
});
