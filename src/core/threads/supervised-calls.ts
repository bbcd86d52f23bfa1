import { type BackOff, backOffWait } from '../runtime/back-off.ts';
import type { Clock } from '../runtime/clock.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { Calls, Handlers } from './calls.ts';

export interface SuperviseOptions<Offered extends Handlers> {
  /** Names the Worker in errors: `The mirror`. */
  readonly name: string;
  /** Starts a Worker. @param onLost called once if it crashes, also if this rejects for the same reason */
  readonly start: (onLost: (error: SourceError) => void) => Promise<Calls<Offered>>;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** Receives why a Worker crashed, or could not be restarted. */
  readonly onLost: (error: unknown) => void;
}

/** The first wait is short, since features wait for it. A Worker that ran for `backOffMaxMs` resets the back-off. */
const BACK_OFF: BackOff = { backOffMs: 100, backOffMaxMs: 30_000 };

/**
 * Calls to a Worker that is restarted with a back-off whenever it crashes. Calls in flight, and calls until it is ready again,
 * reject with a SourceError.
 *
 * @throws what `start` rejects with the first time
 */
export async function superviseCalls<Offered extends Handlers>(
  options: SuperviseOptions<Offered>,
): Promise<Calls<Offered>> {
  const { name, start, clock, random, onLost } = options;
  let calls: Calls<Offered> | null = null;
  let isClosed = false;
  let failures = 0;
  let startedAt = 0;
  let cancel = () => {};

  const tryStart = async () => {
    let isStarting = true;
    const early: SourceError[] = [];
    const started = await start((error) => {
      // A crash during the start is reported by the start alone.
      if (isStarting) early.push(error);
      else lost(error);
    });
    isStarting = false;
    if (early.length > 0) throw early[0];
    startedAt = clock.elapsed();
    if (isClosed) started.terminate();
    else calls = started;
  };
  const startLater = () => {
    cancel = clock.schedule(backOffWait(failures++, random(), BACK_OFF), () => {
      tryStart().catch((error: unknown) => {
        onLost(error);
        if (!isClosed) startLater();
      });
    });
  };
  const lost = (error: SourceError) => {
    calls = null;
    onLost(error);
    if (clock.elapsed() - startedAt >= BACK_OFF.backOffMaxMs) failures = 0;
    if (!isClosed) startLater();
  };

  await tryStart();
  return {
    call(method, ...args) {
      if (calls !== null) return calls.call(method, ...args);
      return Promise.reject(new SourceError(isClosed ? `${name} was closed` : `${name} is being started again`));
    },
    terminate() {
      isClosed = true;
      cancel();
      calls?.terminate();
      calls = null;
    },
  };
}
