import type { Waker } from './waker.ts';

/** How long a poll waits for a change: the interval of looks for changes of other programs, and the longest wait of a caller. */
const POLL_MS = 500;

export interface WaitOptions {
  /** Wakes when we changed something ourselves. */
  readonly waker: Waker;
  /** Looks for changes by others. */
  readonly detectChanges: () => void;
  readonly signal: AbortSignal;
  /** Whether nothing is waited for. */
  readonly mustCatchUp: boolean;
}

/**
 * Looks for changes and hands them over, until there are some or its time is over.
 *
 * @param handOver resolves to null if nothing moved
 * @throws SourceTimeoutError once the signal is aborted
 */
export async function waitForChange<Moved>(
  handOver: () => Promise<Moved | null>,
  { waker, detectChanges, signal, mustCatchUp }: WaitOptions,
): Promise<Moved | null> {
  const end = performance.now() + POLL_MS;
  detectChanges();
  for (;;) {
    const { wakes } = waker;
    const moved = await handOver();
    const left = end - performance.now();
    if (moved !== null || mustCatchUp || left <= 0) return moved;
    const isWoken = await waker.wait(left, signal, wakes);
    if (!isWoken) return null;
    // Changes that follow immediately go into the same poll.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
