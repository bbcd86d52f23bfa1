import { constants } from 'node:os';
import { settledWithin } from './core/runtime/settled-within.ts';

/** A part of a shutdown. */
export interface StopStep {
  readonly name: string;
  /** How long it may take, ms. */
  readonly atMostMs: number;
  /** What the steps before it leave of the budget, ms. */
  readonly atLeastMs: number;
  run(): unknown;
}

export interface StopOptions {
  /** For all steps together, ms. */
  readonly budgetMs: number;
  /** Called with a step that takes longer than it may; the next one begins. */
  readonly onCut: (step: string) => void;
  /** Called with what a step threw; the next one begins. */
  readonly onError: (error: unknown) => void;
}

/** Runs the steps one after another, each within its limit and what the later ones leave of the budget. Never rejects. */
export async function runStopSteps(
  steps: readonly StopStep[],
  { budgetMs, onCut, onError }: StopOptions,
): Promise<void> {
  const deadline = performance.now() + budgetMs;
  for (const [index, { name, atMostMs, run }] of steps.entries()) {
    const reservedMs = steps.slice(index + 1).reduce((sum, { atLeastMs }) => sum + atLeastMs, 0);
    let isDone = false;
    const work = Promise.try(run)
      .catch(onError)
      .finally(() => {
        isDone = true;
      });
    await settledWithin(work, Math.max(0, Math.min(atMostMs, deadline - performance.now() - reservedMs)));
    if (!isDone) onCut(name);
  }
}

/** A terminal, a shell and a package manager may each pass on the same signal. */
const SAME_SIGNAL_WITHIN_MS = 200;

/** Calls `stop` at the first SIGTERM or SIGINT; a later one ends the process at once. */
export function onStopSignal(stop: (signal: string) => unknown): void {
  let first: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (first === undefined) {
        first = performance.now();
        stop(signal);
      } else if (performance.now() - first > SAME_SIGNAL_WITHIN_MS) {
        process.exit(128 + constants.signals[signal]);
      }
    });
  }
}
