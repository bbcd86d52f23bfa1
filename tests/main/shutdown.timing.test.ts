import { expect, test } from 'bun:test';
import { runStopSteps, type StopStep } from '../../src/shutdown.ts';

const NEVER = new Promise<never>(() => {});

/** What happens to steps, in order. */
async function stop(budgetMs: number, steps: readonly Partial<StopStep>[]) {
  const ran: string[] = [];
  const cut: string[] = [];
  const errors: unknown[] = [];
  const began = performance.now();
  await runStopSteps(
    steps.map((step, index) => {
      const { name = `step ${index}`, atMostMs = 1_000, atLeastMs = 0, run = () => {} } = step;
      return {
        ...{ name, atMostMs, atLeastMs },
        run: () => {
          ran.push(name);
          return run();
        },
      };
    }),
    { budgetMs, onCut: (step) => cut.push(step), onError: (error) => errors.push(error) },
  );
  return { ran, cut, errors, tookMs: performance.now() - began };
}

test('steps run one after the other, and each waits for the one before', async () => {
  let isDone = false;
  const first = async () => {
    await Promise.resolve();
    isDone = true;
  };
  const seen: boolean[] = [];
  const { ran, cut, errors } = await stop(1_000, [{ run: first }, { run: () => seen.push(isDone) }]);
  expect({ ran, cut, errors, seen }).toEqual({ ran: ['step 0', 'step 1'], cut: [], errors: [], seen: [true] });
});

test('however many are stuck, all of them begin, and together they take the budget at most', async () => {
  const stuck = { run: () => NEVER, atMostMs: 1_000 };
  const { ran, cut, tookMs } = await stop(
    1_500,
    Array.from({ length: 10 }, () => stuck),
  );
  expect(ran).toHaveLength(10);
  expect(cut).toEqual(ran);
  // One after the other they would take 10 s.
  expect(tookMs).toBeWithin(1_490, 8_000);
});

test('what later steps need at least is left to them', async () => {
  const { cut, tookMs } = await stop(20_000, [
    { run: () => NEVER, atMostMs: 20_000 },
    { atLeastMs: 19_900, atMostMs: 20_000, run: () => new Promise((resolve) => setTimeout(resolve, 100)) },
  ]);
  expect(cut).toEqual(['step 0']);
  expect(tookMs).toBeLessThan(15_000);
});

test('a step that fails is reported whole, and the next one begins', async () => {
  const thrown = new TypeError('of ours');
  const { ran, cut, errors } = await stop(1_000, [
    {
      run: () => {
        throw thrown;
      },
    },
    { run: () => Promise.reject(thrown) },
    {},
  ]);
  expect({ ran: ran.length, cut, errors }).toEqual({ ran: 3, cut: [], errors: [thrown, thrown] });
});
