import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { startProcess, temporaryFolder } from '../support/process.ts';
import { until } from '../support/until.ts';

/** Official clients try again after 0, 2, 10 and 30 s: the first start, which makes the demo company, fits in there. */
const FIRST_WITHIN_MS = 8_000;
/** Later starts take one second (docs/benchmarks.md), on a machine that may be less than half as fast. */
const LATER_WITHIN_MS = 2_500;
const LATER_STARTS = 5;

let state: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  state = await temporaryFolder();
});

afterAll(() => state[Symbol.asyncDispose]());

/** Milliseconds from the start of the process until every feature has a snapshot. */
async function timeStart(beforeStop: () => Promise<void> = async () => {}): Promise<number> {
  const server = await startProcess({ STATE_DIR: state.path, DEMO_SCALE: '1' });
  const began = performance.now();
  await server.ready();
  const readyInMs = server.startedInMs + performance.now() - began;
  await beforeStop();
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
  return readyInMs;
}

/** The company is kept for the next start. */
const kept = () => until(() => readdirSync(state.path).some((name) => /^demo-.+\.sqlite$/.test(name)));

test('the usual demo company is served soon after the start', async () => {
  const first = await timeStart(kept);
  const later: number[] = [];
  for (let start = 0; start < LATER_STARTS; start++) later.push(await timeStart());
  const fastest = Math.min(...later);
  console.log(`ready after ${Math.round(first)} ms, later ${later.map(Math.round).join(', ')} ms`);
  expect(first).toBeLessThan(FIRST_WITHIN_MS);
  expect(fastest).toBeLessThan(LATER_WITHIN_MS);
}, 60_000);
