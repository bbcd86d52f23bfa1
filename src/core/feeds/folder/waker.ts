import { throwIfAborted } from '../../runtime/with-signal.ts';

/** Lets some wait for what others do. */
export interface Waker {
  /** How often it was called. */
  readonly wakes: number;
  wake(): void;
  /**
   * Waits until `wake` is called, but no longer than so many milliseconds.
   *
   * @param since what `wakes` was before the caller looked: one that came since ends the wait at once
   * @returns whether it was called
   * @throws SourceTimeoutError once the signal is aborted
   */
  wait(milliseconds: number, signal: AbortSignal, since: number): Promise<boolean>;
}

export function createWaker(): Waker {
  const waiting = new Set<(woken: boolean) => void>();
  let wakes = 0;
  return {
    get wakes() {
      return wakes;
    },
    wake() {
      wakes += 1;
      for (const end of waiting) end(true);
    },
    async wait(milliseconds, signal, since) {
      throwIfAborted(signal);
      if (wakes !== since) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), milliseconds);
      const giveUp = () => resolve(false);
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.add(resolve);
      const woken = await promise;
      waiting.delete(resolve);
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      throwIfAborted(signal);
      return woken;
    },
  };
}
