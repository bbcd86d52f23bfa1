import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';

export type Cancel = () => void;

/** Milliseconds of `Clock.elapsed`, which a change of the wall clock does not move. */
export type ElapsedMs = number;

/** The source of all time in the runtime; tests use a virtual one. */
export interface Clock {
  /** The wall clock, for display. It may be set back or forward at any time. */
  now(): Instant;
  /** Milliseconds since a fixed instant; never goes back. For waiting and measuring. */
  elapsed(): ElapsedMs;
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

/** A clock over an RxJS scheduler, for example a virtual one. */
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
