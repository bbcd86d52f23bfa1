import type { Clock } from '../runtime/clock.ts';
import { SourceTimeoutError } from '../sources/source-errors.ts';

/**
 * Runs work that has to show a sign of life every so often. Its signal is aborted, and the promise rejects, when it does
 * not, or when `stop` is aborted; what the work comes to after that is dropped.
 *
 * @param work calls `alive` when something has come, which begins the time anew
 * @throws SourceTimeoutError with `message`
 */
export function withDeadline<Result>(
  clock: Clock,
  milliseconds: number,
  stop: AbortSignal,
  message: string,
  work: (signal: AbortSignal, alive: () => void) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    const end = () => {
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
      if (!abort.signal.aborted) cancel = clock.schedule(milliseconds, () => give(new SourceTimeoutError(message)));
    };
    if (stop.aborted) {
      stopped();
      return;
    }
    stop.addEventListener('abort', stopped, { once: true });
    alive();
    work(abort.signal, alive).then(
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
