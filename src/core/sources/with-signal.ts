import { SourceTimeoutError } from './source-errors.ts';

/**
 * The outcome of `work`, or a SourceTimeoutError as soon as `signal` is aborted; what `work` yields after that is
 * dropped, a late failure too.
 */
export function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new SourceTimeoutError('The source did not answer in time'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
