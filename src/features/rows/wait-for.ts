import type { Clock } from '../../core/runtime/clock.ts';

/** @throws the signal's reason once it is aborted */
export function waitFor(milliseconds: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      cancel();
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = end(() => reject(signal?.reason));
    const cancel = clock.schedule(milliseconds, end(resolve));
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
