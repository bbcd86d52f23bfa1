import { SourceTimeoutError } from './source-errors.ts';

/** @throws SourceTimeoutError if the signal is aborted */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new SourceTimeoutError('The source did not answer in time');
}

/**
 * Settles as `work` does, or rejects as soon as the signal is aborted; a later outcome of `work` is ignored.
 *
 * @throws SourceTimeoutError
 */
export function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new SourceTimeoutError('The source did not answer in time'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
