import type { Clock } from '../runtime/clock.ts';

/** A wait that `ring` shortens. */
export interface Alarm {
  /**
   * Waits so long, or less once it rings.
   *
   * @param afterRing how much longer to wait after it rings, ms
   */
  wait(milliseconds: number, afterRing: () => number): Promise<void>;
  ring(): void;
}

export function createAlarm(clock: Clock): Alarm {
  let rung = () => {};
  return {
    wait: (milliseconds, afterRing) =>
      new Promise((resolve) => {
        let cancel = () => {};
        const end = () => {
          rung = () => {};
          cancel();
          resolve();
        };
        const endsAt = clock.elapsed() + milliseconds;
        cancel = clock.schedule(Math.max(0, milliseconds), end);
        rung = () => {
          cancel();
          const rest = Math.min(afterRing(), endsAt - clock.elapsed());
          if (rest <= 0) end();
          else cancel = clock.schedule(rest, end);
        };
      }),
    ring: () => rung(),
  };
}
