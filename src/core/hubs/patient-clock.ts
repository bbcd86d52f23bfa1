import type { Cancel, Clock } from '../runtime/clock.ts';

/** A timer that fires this much later than it was due, ms, shows that the process was paused or the machine busy. */
const LATE_MS = 100;
/** Then clients get this much longer, ms, or the length of the timer where that is shorter. */
const GRACE_MS = 5_000;

/**
 * A clock for deadlines of clients.
 *
 * After a pause of the process (a laptop's sleep, SIGSTOP, a busy host) the event loop runs timers before it reads what
 * has arrived meanwhile. So a timer of this clock that falls due lets the loop read first, and one that is late waits a
 * while longer: there may be more to read than one turn of the loop takes in, and a client on the same machine was paused
 * too. If what was read cancels the timer, it never runs.
 */
export function patientClock(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    schedule(delayMs, run): Cancel {
      const dueAt = clock.elapsed() + delayMs;
      let cancel = clock.schedule(delayMs, () => {
        const late = clock.elapsed() - dueAt > LATE_MS;
        cancel = clock.schedule(late ? Math.min(delayMs, GRACE_MS) : 0, run);
      });
      return () => cancel();
    },
  };
}

/** Runs something repeatedly, at an interval. */
export function every(clock: Clock, intervalMs: number, run: () => void): Cancel {
  let cancel: Cancel;
  const runAndRepeat = () => {
    run();
    cancel = clock.schedule(intervalMs, runAndRepeat);
  };
  cancel = clock.schedule(intervalMs, runAndRepeat);
  return () => cancel();
}
