import { readSync, writeSync } from 'node:fs';
import { type Cancel, type Clock, systemClock } from '../../../src/core/runtime/clock.ts';
import { startHubServer } from './hub-server.ts';
import { figureFeatures } from './signalr/figure-features.ts';

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
}

/** Time that stands still except for leaps, so that no deadline depends on how busy the machine is. */
class LeapingClock implements Clock {
  readonly #startedAt = Date.now();
  readonly #timers = new Set<Timer>();
  #leapedMs = 0;

  readonly now = () => this.#startedAt + this.#leapedMs;
  readonly elapsed = () => this.#leapedMs;

  schedule(delayMs: number, run: () => void): Cancel {
    if (delayMs <= 0) return systemClock.schedule(0, run);
    const timer = { dueAt: this.#leapedMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Runs what fell due during the leap, all of it late, as the event loop does after a pause. */
  leap(milliseconds: number): void {
    this.#leapedMs += milliseconds;
    const due = [...this.#timers].filter(({ dueAt }) => dueAt <= this.#leapedMs);
    for (const timer of due.toSorted((left, right) => left.dueAt - right.dueAt)) {
      // An earlier one may have cancelled it.
      if (this.#timers.delete(timer)) timer.run();
    }
  }
}

function readLine(): string {
  const byte = new Uint8Array(1);
  let line = '';
  while (readSync(STANDARD_INPUT, byte) === 1) {
    const character = String.fromCharCode(...byte);
    if (character === '\n') return line;
    line += character;
  }
  process.exit();
}

/**
 * A server in a process of its own, which a test may pause. Prints its address once it has its snapshots.
 *
 * SIGUSR2 pauses it: it prints `paused`, and its event loop stands still until standard input says how long the pause was,
 * in milliseconds. Then timers run before anything is read, every time; after SIGSTOP that depends on where the process was.
 */
const clock = new LeapingClock();
const server = startHubServer({
  ...figureFeatures('claims'),
  access: { secret: process.env.SECRET ?? null },
  clock,
});
process.on('SIGUSR2', () => {
  writeSync(STANDARD_OUTPUT, 'paused\n');
  clock.leap(Number(readLine()));
});
await server.refreshed();
console.log(server.url);
