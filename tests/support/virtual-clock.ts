import type { Instant } from '../../src/core/figures/calendar.ts';
import type { Clock } from '../../src/core/runtime/clock.ts';

/** A clock that moves only when the test advances it. Its wall time is independent of its elapsed time. */
export interface VirtualClock extends Clock {
  /** Lets time pass: runs every timer that falls due, in order, and after each whatever promises it has settled. */
  advance(milliseconds: number): Promise<void>;
  /** Runs whatever promises have been settled, without any time passing. */
  settle(): Promise<void>;
  /** Sets the wall clock forward, or back where negative; no time passes. */
  shiftWall(milliseconds: number): void;
  /** How many timers wait. */
  readonly waiting: number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** @param start the wall clock's first instant */
export function createVirtualClock(start: Instant = Date.UTC(2026, 2, 15, 12)): VirtualClock {
  const timers = new Set<Timer>();
  let elapsed = 0;
  let wall = start;

  const passUntil = (moment: number) => {
    wall += moment - elapsed;
    elapsed = moment;
  };
  const firstDue = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];

  return {
    // Whole milliseconds, like `Date.now`.
    now: () => Math.floor(wall),
    elapsed: () => elapsed,
    schedule(delayMs, run) {
      const timer = { at: elapsed + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(milliseconds) {
      const end = elapsed + milliseconds;
      await settlePromises();
      for (let timer = firstDue(end); timer !== undefined; timer = firstDue(end)) {
        timers.delete(timer);
        passUntil(timer.at);
        timer.run();
        await settlePromises();
      }
      passUntil(end);
    },
    settle: settlePromises,
    shiftWall(milliseconds) {
      wall += milliseconds;
    },
    get waiting() {
      return timers.size;
    },
  };
}

/** A turn of the event loop begins only once no promise has anything left to do. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
