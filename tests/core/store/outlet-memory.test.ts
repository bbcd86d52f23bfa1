import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutletMemory } from '../../../src/core/outlets/outlet-memory.ts';
import { openStore } from '../../../src/core/store/store.ts';

const root = await mkdtemp(join(tmpdir(), 'greg-bi-outlets-'));
let folders = 0;
const freshFolder = () => join(root, `folder ${++folders}`);
afterAll(() => rm(root, { recursive: true }));

async function memoriesIn(folder: string, ...outlets: readonly string[]) {
  const store = await openStore(folder, () => {});
  const memories = outlets.map((outlet) => Object.fromEntries(openOutletMemory(store.outlets, outlet).entries()));
  await store.close();
  return memories;
}

test('a memory is there after a restart, of each outlet its own', async () => {
  const folder = freshFolder();
  const store = await openStore(folder, () => {});
  const rows = openOutletMemory(store.outlets, 'rows');
  await rows.save({ a: '1', b: '2' });
  await rows.save({ a: '3', b: null, c: '' });
  await openOutletMemory(store.outlets, 'notion').save({ a: 'n' });
  expect([rows.get('a'), rows.get('b'), rows.get('c')]).toEqual(['3', undefined, '']);
  await store.close();
  expect(await memoriesIn(folder, 'rows', 'notion', 'nope')).toEqual([{ a: '3', c: '' }, { a: 'n' }, {}]);
});

test('what was saved survives the death of the process, each save as a whole', async () => {
  const folder = freshFolder();
  const program = Bun.fileURLToPath(import.meta.resolve('./remembering-run.ts'));
  const run = Bun.spawn([process.execPath, program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let saved = '';
  for await (const piece of run.stdout) {
    saved += new TextDecoder().decode(piece);
    if (saved.split('\n').length > 50) run.kill('SIGKILL');
  }
  await run.exited;
  const last = Number(saved.trim().split('\n').at(-1));
  const [memory] = await memoriesIn(folder, 'rows');
  expect(last).toBeGreaterThanOrEqual(49);
  expect(Number(memory?.one)).toBeGreaterThanOrEqual(last);
  expect(memory?.other).toBe(memory?.one);
}, 20_000);
