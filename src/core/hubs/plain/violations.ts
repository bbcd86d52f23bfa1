import type { ElapsedMs } from '../../runtime/clock.ts';

const WINDOW_MS = 60_000;
const MOST_IN_WINDOW = 20;

/** Counts the invalid frames of one client. */
export class Violations {
  #moments: ElapsedMs[] = [];

  /** @returns whether this was one too many: the 20th within a minute */
  record(at: ElapsedMs): boolean {
    this.#moments = this.#moments.filter((moment) => moment > at - WINDOW_MS);
    this.#moments.push(at);
    return this.#moments.length >= MOST_IN_WINDOW;
  }
}
