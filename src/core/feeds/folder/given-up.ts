import { SourceTimeoutError } from '../../sources/source-errors.ts';

/** @throws SourceTimeoutError once the signal is aborted */
export function throwIfGivenUp(signal: AbortSignal): void {
  if (signal.aborted) throw new SourceTimeoutError('The source did not answer in time');
}
