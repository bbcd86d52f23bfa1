import type { Clock } from '../runtime/clock.ts';
import { SourceTimeoutError } from '../runtime/source-errors.ts';

/** Runs other work, whose time does not count, and restarts the deadline after it. @throws what the work throws */
export type Aside = <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface DeadlineContext {
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  /** The source is named in the error. */
  readonly source: { readonly description: string };
}

/**
 * Runs work that has to end, or to do something aside, within the deadline. If it does not, or if the feed stops, its signal
 * is aborted and the promise rejects; a later outcome of the work is ignored.
 *
 * @throws SourceTimeoutError
 */
export function withDeadline<Result>(
  { clock, stopping, source }: DeadlineContext,
  milliseconds: number,
  work: (signal: AbortSignal, aside: Aside) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    let hasEnded = false;
    let others = 0;
    const end = () => {
      hasEnded = true;
      cancel();
      stopping.removeEventListener('abort', stop);
    };
    const fail = (error: Error) => {
      end();
      reject(error);
      abort.abort(error);
    };
    const stop = () => fail(new SourceTimeoutError('the server is stopping'));
    const restart = () => {
      cancel();
      if (hasEnded || others > 0) return;
      cancel = clock.schedule(milliseconds, () =>
        fail(new SourceTimeoutError(`${source.description} did not answer within ${milliseconds} ms`)),
      );
    };
    const aside = async <Other>(other: () => Promise<Other>) => {
      others++;
      cancel();
      try {
        return await other();
      } finally {
        others--;
        restart();
      }
    };
    if (stopping.aborted) {
      stop();
      return;
    }
    stopping.addEventListener('abort', stop, { once: true });
    restart();
    work(abort.signal, aside).then(
      (result) => {
        end();
        resolve(result);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
