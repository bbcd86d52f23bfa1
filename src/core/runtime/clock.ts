import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';

export type Cancel = () => void;

/** Where all time in the runtime comes from; tests put a virtual one in its place. */
export interface Clock {
  /** The wall clock, for what people read. It may be set back or forward at any time. */
  now(): Instant;
  /** Milliseconds since some fixed moment; only ever grows. For waiting and measuring. */
  elapsed(): number;
  schedule(delayMs: number, run: () => void): Cancel;
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  schedule(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that goes by an RxJS scheduler, a virtual one for example. */
export function schedulerClock(scheduler: SchedulerLike = asyncScheduler): Clock {
  return {
    now: () => scheduler.now(),
    elapsed: () => scheduler.now(),
    schedule(delayMs, run) {
      const subscription = scheduler.schedule(run, delayMs);
      return () => subscription.unsubscribe();
    },
  };
}
