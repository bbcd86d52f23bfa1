import { expect } from 'bun:test';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { type Emission, emission, type Publication } from '../../../src/core/runtime/emission.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { snapshotOf } from '../../support/snapshot-of.ts';

/** The same object each time, so that what comes out can be told to be what went in. */
const snapshots: Snapshot[] = Array.from({ length: 10 }, (_, seq) => snapshotOf(seq, seq));

function snapshot(seq: number): Snapshot {
  const found = snapshots[seq];
  if (found === undefined) throw new Error(`There is no snapshot ${seq}`);
  return found;
}

/** `3` is an automatic publication of seq 3. */
export const auto = (seq: number): Publication => ({ snapshot: snapshot(seq), manual: false });
/** `C` is a manual one of seq 3: the letters are the numbers of the alphabet. */
const manual = (seq: number): Publication => ({ snapshot: snapshot(seq), manual: true });

const digits = snapshots.map(({ seq }) => seq);
const letters = [...'ABCDE'];
export const published: Record<string, Publication> = Object.fromEntries([
  ...digits.map((seq) => [String(seq), auto(seq)] as const),
  ...letters.map((letter, index) => [letter, manual(index + 1)] as const),
]);
export const emitted: Record<string, Emission> = Object.fromEntries([
  ...digits.map((seq) => [String(seq), { reason: 'Auto', snapshot: snapshot(seq) }] as const),
  ...letters.map((letter, index) => [letter, { reason: 'Manual', snapshot: snapshot(index + 1) }] as const),
]);

export const INTERVAL_MS = 5;

export function onVirtualTime(run: (helpers: RunHelpers, scheduler: TestScheduler) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => run(helpers, scheduler));
}

/** Draws what goes in and what comes out, a millisecond a character, in windows of 5. */
export function expectEmissions(source: string, emissions: string, unchanged = false, emittedSeq?: number): void {
  onVirtualTime(({ hot, expectObservable }, scheduler) => {
    const options = { intervalMs: INTERVAL_MS, unchanged, emittedSeq, scheduler };
    expectObservable(hot(source, published).pipe(emission(options))).toBe(emissions, emitted);
  });
}
