import { constants } from 'node:os';
import { settledWithin } from './core/runtime/settled-within.ts';

/** A step of a shutdown. */
export interface StopStep {
  readonly name: string;
  /** Its limit, ms. */
  readonly atMostMs: number;
  /** The part of the budget that earlier steps leave for it, ms. */
  readonly atLeastMs: number;
  run(): unknown;
}

export interface StopOptions {
  /** Limit for all steps together, ms. */
  readonly budgetMs: number;
  /** Called when a step exceeds its limit; the next one starts. */
  readonly onCut: (step: string) => void;
  /** Called when a step fails; the next one starts. */
  readonly onError: (error: unknown) => void;
}

/**
 * Runs the steps in order. Each may use its own limit, or what the budget has left beyond the share of later steps. Never
 * rejects.
 */
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

/** Calls `stop` on the first SIGTERM or SIGINT; a later one exits at once. */
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
