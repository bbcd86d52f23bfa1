import { type Clock, systemClock } from './clock.ts';

/** Waits until the promise settles or the time, in milliseconds, is over. Never rejects. */
export function settledWithin(work: Promise<unknown>, milliseconds: number, clock: Clock = systemClock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(milliseconds, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    work.then(end, end);
  });
}
