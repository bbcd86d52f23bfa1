import { throwIfAborted } from '../../runtime/with-signal.ts';

/** A signal that several can wait for. */
export interface Waker {
  /** How often `wake` was called. */
  readonly wakes: number;
  wake(): void;
  /**
   * Waits until `wake` is called, or the time is over.
   *
   * @param since the value of `wakes` before the caller checked for changes: if it grew since, the wait ends at once
   * @returns whether `wake` was called
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
      const cancel = () => resolve(false);
      signal.addEventListener('abort', cancel, { once: true });
      waiting.add(resolve);
      const woken = await promise;
      waiting.delete(resolve);
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      throwIfAborted(signal);
      return woken;
    },
  };
}
