import { describe, expect, setSystemTime, test } from 'bun:test';
import { VirtualTimeScheduler } from 'rxjs';
import { schedulerClock, systemClock } from '../../../src/core/runtime/clock.ts';

describe('the system clock', () => {
  test('measures time that the wall clock cannot move', () => {
    const [wall, elapsed] = [systemClock.now(), systemClock.elapsed()];
    try {
      setSystemTime(new Date(wall - 3_600_000));
      expect(systemClock.now()).toBeLessThan(wall);
      expect(systemClock.elapsed()).toBeGreaterThanOrEqual(elapsed);
      expect(systemClock.elapsed() - elapsed).toBeLessThan(60_000);
    } finally {
      setSystemTime();
    }
  });

  test('runs what is scheduled, unless it is cancelled', async () => {
    const ran: string[] = [];
    await new Promise<void>((resolve) => {
      const cancel = systemClock.schedule(0, () => ran.push('cancelled'));
      systemClock.schedule(1, () => {
        ran.push('kept');
        resolve();
      });
      cancel();
    });
    expect(ran).toEqual(['kept']);
  });
});

describe('a clock that goes by a scheduler', () => {
  test('has its time, and runs what is scheduled by it', () => {
    const scheduler = new VirtualTimeScheduler();
    const clock = schedulerClock(scheduler);
    const ran: (readonly [string, number, number])[] = [];
    const note = (name: string) => () => ran.push([name, clock.now(), clock.elapsed()]);
    clock.schedule(20, note('second'));
    clock.schedule(10, note('first'));
    clock.schedule(15, note('cancelled'))();
    scheduler.flush();
    expect(ran).toEqual([
      ['first', 10, 10],
      ['second', 20, 20],
    ]);
  });
});
