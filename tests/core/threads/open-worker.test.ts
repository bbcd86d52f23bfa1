import { expect, test } from 'bun:test';
import { serveCalls, type WorkerHandle, type WorkerPort } from '../../../src/core/threads/calls.ts';
import { openWorker } from '../../../src/core/threads/open-worker.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** A Worker in this thread, which serves `begin` and may crash during it. */
function createBeginner(begin: (crash: () => void) => unknown): WorkerHandle & { isTerminated: boolean } {
  const port: WorkerPort = { onmessage: null, postMessage: () => {} };
  const handle: WorkerHandle & { isTerminated: boolean } = {
    onmessage: null,
    onerror: null,
    isTerminated: false,
    postMessage: (data) => queueMicrotask(() => port.onmessage?.(new MessageEvent('message', { data }))),
    terminate() {
      handle.isTerminated = true;
    },
  };
  port.postMessage = (data) => handle.onmessage?.(new MessageEvent('message', { data }));
  const crash = () => handle.onerror?.(new ErrorEvent('error', { error: new TypeError('a bug of the Worker') }));
  queueMicrotask(() => serveCalls(port, { begin: () => begin(crash) }));
  return handle;
}

/** Opens a Worker whose first start works; `begin` is what each of them does before other calls reach it. */
function open(begin: (crash: () => void) => unknown) {
  const clock = createVirtualClock();
  const created: ReturnType<typeof createBeginner>[] = [];
  const losses: string[] = [];
  const opening = openWorker<{ begin(): unknown }>({
    ...{ name: 'The test', url: new URL('file:///none'), argv: () => [], clock },
    onStarted: async (calls) => void (await calls.call('begin')),
    onLost: (error) => void losses.push(String(error)),
    createWorker() {
      const worker = createBeginner(begin);
      created.push(worker);
      return worker;
    },
  });
  return { clock, created, losses, opening };
}

test('a Worker that crashes while it begins is started once again, after a back-off', async () => {
  let isBroken = false;
  const { clock, created, losses, opening } = open((crash) => {
    if (isBroken) crash();
  });
  const calls = await opening;
  isBroken = true;
  created[0]?.onerror?.(new ErrorEvent('error', { message: 'gone' }));
  await clock.advance(3_000);
  // The waits are 50 to 100, 100 to 200 … ms.
  expect(created.length).toBeGreaterThanOrEqual(5);
  expect(created.length).toBeLessThanOrEqual(7);
  expect(losses).toEqual(created.map(() => 'SourceError: The test stopped'));
  isBroken = false;
  await clock.advance(6_000);
  const started = created.length;
  await clock.advance(60_000);
  expect(created).toHaveLength(started);
  await calls.call('begin');
  // The first ended by itself.
  expect(created.slice(1).filter(({ isTerminated }) => !isTerminated)).toHaveLength(1);
});

test('a Worker that fails to begin is terminated', async () => {
  const { clock, created, losses, opening } = open(() => {
    throw new TypeError('no beginning');
  });
  await expect(opening).rejects.toThrow('no beginning');
  await clock.advance(60_000);
  expect(created.map(({ isTerminated }) => isTerminated)).toEqual([true]);
  expect([losses, clock.waiting]).toEqual([[], 0]);
});

test('a first start that crashes while it begins is not repeated: that is for the caller', async () => {
  const { clock, created, opening } = open((crash) => crash());
  await expect(opening).rejects.toThrow('The test stopped');
  await clock.advance(60_000);
  expect(created).toHaveLength(1);
});
