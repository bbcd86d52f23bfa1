import { SourceTimeoutError } from '../../sources/source-errors.ts';

/** @throws SourceTimeoutError once the signal is aborted */
export function throwIfGivenUp(signal: AbortSignal): void {
  if (signal.aborted) throw new SourceTimeoutError('The source did not answer in time');
}

/**
 * The outcome of `work`; what it comes to after the signal is aborted is dropped, a failure too.
 *
 * @throws SourceTimeoutError as soon as the signal is aborted
 */
export async function untilGivenUp<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new SourceTimeoutError('The source did not answer in time'));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
