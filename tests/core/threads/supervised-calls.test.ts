import { expect, test } from 'bun:test';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import type { Calls } from '../../../src/core/threads/calls.ts';
import { superviseCalls } from '../../../src/core/threads/supervised-calls.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const echo = { echo: (value: number) => value };
type Echo = typeof echo;

async function supervise(random = 1) {
  const clock = createVirtualClock();
  const started: number[] = [];
  const losses: string[] = [];
  let lose = (_: SourceError) => {};
  let terminated = 0;
  let refusal: Error | null = null;
  const calls = await superviseCalls<Echo>({
    name: 'The test',
    async start(onLost) {
      started.push(clock.elapsed());
      if (refusal !== null) throw refusal;
      lose = onLost;
      // Every method of it is `echo`.
      const call = async (_: string, value: number) => value;
      return { call, terminate: () => void terminated++ } as Calls<Echo>;
    },
    clock,
    random: () => random,
    onLost: (error) => void losses.push(String(error)),
  });
  return {
    ...{ clock, started, losses, calls },
    lose: () => lose(new SourceError('The test stopped')),
    refuseWith: (error: Error | null) => {
      refusal = error;
    },
    terminated: () => terminated,
  };
}

test('a Worker that ends is started again, and calls meanwhile are refused', async () => {
  const { clock, calls, lose, started, losses } = await supervise();
  expect(await calls.call('echo', 1)).toBe(1);
  lose();
  await expect(calls.call('echo', 2)).rejects.toThrow(new SourceError('The test is being started again'));
  await clock.advance(100);
  expect(await calls.call('echo', 3)).toBe(3);
  expect(started).toEqual([0, 100]);
  expect(losses).toEqual(['SourceError: The test stopped']);
});

test('it is tried with a back-off, which begins anew for one that lived for long', async () => {
  const { clock, lose, started, refuseWith, losses } = await supervise();
  refuseWith(new Error('no folder'));
  lose();
  await clock.advance(30_000);
  expect(started).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300, 12_700, 25_500]);
  expect(losses).toHaveLength(9);
  refuseWith(null);
  await clock.advance(60_000);
  const before = started.length;
  lose();
  await clock.advance(100);
  expect(started).toHaveLength(before + 1);
});

test('one that ends again and again is no busy loop', async () => {
  const { clock, lose, started } = await supervise(0);
  let seen = 0;
  for (let time = 0; time < 60_000; time += 10) {
    if (started.length > seen) lose();
    seen = started.length;
    await clock.advance(10);
  }
  expect(started.length).toBeGreaterThan(5);
  expect(started.length).toBeLessThan(20);
});

test('one that is closed stays closed, whenever that happens', async () => {
  const working = await supervise();
  working.calls.terminate();
  expect(working.terminated()).toBe(1);
  await expect(working.calls.call('echo', 1)).rejects.toThrow('The test was closed');

  const waiting = await supervise();
  waiting.lose();
  waiting.calls.terminate();
  await waiting.clock.advance(60_000);
  expect(waiting.started).toEqual([0]);
  expect(waiting.clock.waiting).toBe(0);
});

test('the first start that fails is the caller’s to handle', async () => {
  const clock = createVirtualClock();
  const attempt = superviseCalls<Echo>({
    name: 'The test',
    start: () => Promise.reject(new SourceError('no folder')),
    clock,
    random: Math.random,
    onLost: () => {},
  });
  await expect(attempt).rejects.toThrow('no folder');
  expect(clock.waiting).toBe(0);
});
