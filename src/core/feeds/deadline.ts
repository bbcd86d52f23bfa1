import type { Clock } from '../runtime/clock.ts';
import { SourceTimeoutError } from '../runtime/source-errors.ts';

/** Lets work with a deadline report progress. */
export interface SignsOfLife {
  /** Restarts the deadline. */
  alive(): void;
  /** Runs other work, whose time does not count. @throws what the work throws */
  aside<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * Runs work that has to report progress within the deadline. If it does not, or if `stop` is aborted, its signal is aborted
 * and the promise rejects; a later outcome of the work is ignored.
 *
 * @throws SourceTimeoutError with `message`
 */
export function withDeadline<Result>(
  clock: Clock,
  milliseconds: number,
  stop: AbortSignal,
  message: string,
  work: (signal: AbortSignal, signs: SignsOfLife) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    let hasEnded = false;
    let others = 0;
    const end = () => {
      hasEnded = true;
      cancel();
      stop.removeEventListener('abort', stopped);
    };
    const give = (error: Error) => {
      end();
      reject(error);
      abort.abort(error);
    };
    const stopped = () => give(new SourceTimeoutError('the server is stopping'));
    const alive = () => {
      cancel();
      if (hasEnded || others > 0) return;
      cancel = clock.schedule(milliseconds, () => give(new SourceTimeoutError(message)));
    };
    const aside = async <Other>(other: () => Promise<Other>) => {
      others++;
      cancel();
      try {
        return await other();
      } finally {
        others--;
        alive();
      }
    };
    if (stop.aborted) {
      stopped();
      return;
    }
    stop.addEventListener('abort', stopped, { once: true });
    alive();
    work(abort.signal, { alive, aside }).then(
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
