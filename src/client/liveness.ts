import type { Environment } from './environment.ts';

export interface LivenessOptions {
  readonly environment: Pick<Environment, 'elapsed' | 'schedule'>;
  /** After so much silence the server is asked for a sign of life, ms. */
  readonly pingAfterMs: number;
  /** It has so long to give one, ms: enough for a snapshot that is on a slow line before it. */
  readonly pongWithinMs: number;
  readonly ping: () => void;
  /** The server gave no sign of life. */
  readonly onSilent: () => void;
}

/** A timer that comes so much later than it was set for shows that the program was paused, ms. */
const PAUSED_MS = 1_000;

/**
 * Watches that the server is heard of. A connection whose other side has gone may look open for minutes.
 *
 * Any frame is a sign of life. After a pause of the program the timers run before what has arrived meanwhile is read, so a
 * deadline that passed during the pause is granted once more.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #heardAt = 0;
  #cancelTimer = () => {};
  /** When the answer to a ping is due; undefined while none is awaited. */
  #due: number | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  start(): void {
    this.heard();
    this.#watch(this.#options.pingAfterMs);
  }

  stop(): void {
    this.#cancelTimer();
    this.#due = undefined;
  }

  heard(): void {
    this.#heardAt = this.#options.environment.elapsed();
    if (this.#due === undefined) return;
    this.stop();
    this.#watch(this.#options.pingAfterMs);
  }

  /** Asks for a sign of life now. @param withinMs how soon it has to come */
  check(withinMs: number): void {
    const due = this.#options.environment.elapsed() + withinMs;
    if (this.#due !== undefined && this.#due <= due) return;
    this.#options.ping();
    this.#await(withinMs);
  }

  #watch(delayMs: number): void {
    const { environment, pingAfterMs, pongWithinMs } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = environment.schedule(delayMs, () => {
      const left = this.#heardAt + pingAfterMs - environment.elapsed();
      if (left > 0) this.#watch(left);
      else this.check(pongWithinMs);
    });
  }

  #await(withinMs: number): void {
    const { environment, onSilent } = this.#options;
    this.#cancelTimer();
    const due = environment.elapsed() + withinMs;
    this.#due = due;
    this.#cancelTimer = environment.schedule(withinMs, () => {
      if (environment.elapsed() - due > PAUSED_MS) {
        this.#await(withinMs);
        return;
      }
      this.stop();
      onSilent();
    });
  }
}
