import type { Waker } from './waker.ts';

/** How long a poll waits for a change: the interval of looks for changes of other programs, and the longest wait of a caller. */
const POLL_MS = 500;

export interface UntilMovedOptions {
  /** Wakes when we changed something ourselves. */
  readonly waker: Waker;
  /** Looks for changes by others. */
  readonly look: () => void;
  readonly signal: AbortSignal;
  /** Whether nothing is waited for. */
  readonly isAsked: boolean;
}

/**
 * Looks for changes and hands them over, until there are some or its time is over.
 *
 * @param handOver resolves to null if nothing moved
 * @throws SourceTimeoutError once the signal is aborted
 */
export async function untilMoved<Moved>(
  handOver: () => Promise<Moved | null>,
  { waker, look, signal, isAsked }: UntilMovedOptions,
): Promise<Moved | null> {
  const end = performance.now() + POLL_MS;
  look();
  for (;;) {
    const { wakes } = waker;
    const moved = await handOver();
    const left = end - performance.now();
    if (moved !== null || isAsked || left <= 0) return moved;
    const isWoken = await waker.wait(left, signal, wakes);
    if (!isWoken) return null;
    // Changes that follow immediately go into the same poll.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
