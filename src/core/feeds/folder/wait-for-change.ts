import type { Waker } from './waker.ts';

/** How long a poll waits for a change, ms. Also the interval at which changes by other programs are detected. */
const POLL_MS = 500;

export interface WaitOptions {
  /** Woken by our own changes. */
  readonly waker: Waker;
  /** Detects changes by other programs. */
  readonly detectChanges: () => void;
  readonly signal: AbortSignal;
  /** Whether to return at once if nothing changed. */
  readonly mustCatchUp: boolean;
}

/**
 * Reads changes until there are some or the time is over.
 *
 * @param readChanges resolves to null if nothing changed
 * @throws SourceTimeoutError once the signal is aborted
 */
export async function waitForChange<Result>(
  readChanges: () => Promise<Result | null>,
  { waker, detectChanges, signal, mustCatchUp }: WaitOptions,
): Promise<Result | null> {
  const end = performance.now() + POLL_MS;
  detectChanges();
  for (;;) {
    const { wakes } = waker;
    const result = await readChanges();
    const left = end - performance.now();
    if (result !== null || mustCatchUp || left <= 0) return result;
    const isWoken = await waker.wait(left, signal, wakes);
    if (!isWoken) return null;
    // Includes changes that follow immediately.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
