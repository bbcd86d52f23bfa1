import { BudgetSpentError, RetryLaterError } from './outlet-errors.ts';

/** Parts that fail in a row until the others are given up: the target is down, and each attempt costs requests. */
const MOST_IN_A_ROW = 3;

/** What became of the parts of a target. */
export interface Attempts {
  /** Oldest first. */
  readonly failures: readonly unknown[];
  readonly succeeded: number;
  /** So many failed in a row that the rest was not tried. */
  readonly gaveUp: boolean;
}

export interface AttemptOptions<Part> {
  readonly signal: AbortSignal;
  send(part: Part): Promise<void>;
  /** Whether an error concerns every part. */
  concernsAll(error: unknown): boolean;
}

/**
 * Sends the parts of a target one after the other. One that fails does not keep the others from being sent, in this pass or
 * a later one.
 *
 * @throws an error that concerns every part, that the budget is spent or the target asks to wait, and any once the pass is
 *   aborted
 */
export async function attemptEach<Part>(
  parts: readonly Part[],
  { signal, send, concernsAll }: AttemptOptions<Part>,
): Promise<Attempts> {
  const failures: unknown[] = [];
  let succeeded = 0;
  let inARow = 0;
  for (const part of parts) {
    try {
      await send(part);
      succeeded += 1;
      inARow = 0;
    } catch (error) {
      if (signal.aborted || asksToWait(error) || concernsAll(error)) throw error;
      failures.push(error);
      inARow += 1;
      if (inARow === MOST_IN_A_ROW) return { failures, succeeded, gaveUp: true };
    }
  }
  return { failures, succeeded, gaveUp: false };
}

function asksToWait(error: unknown): boolean {
  return error instanceof BudgetSpentError || (error instanceof RetryLaterError && error.afterMs !== null);
}
