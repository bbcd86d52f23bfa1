import { SessionOutdatedError } from './feed-source.ts';

/** After this many outdated sessions in a row, the next one counts as a failure. */
const MOST_OUTDATED = 3;

/** Decides from the outcomes of the sessions so far how the next one runs. */
export class Attempts {
  /** Whether the next session has to load everything. */
  mustLoad = false;
  /** Whether the session is an unreported retry. */
  isRetry = false;
  #failures = 0;
  #outdated = 0;
  #hasWorked = false;

  /** Called after a successful poll. */
  succeeded(): void {
    this.#failures = 0;
    this.#outdated = 0;
    this.#hasWorked = true;
    this.isRetry = false;
  }

  loaded(): void {
    this.mustLoad = false;
    // If each poll fails, a load does not prove that the source works.
    this.#hasWorked ||= this.#failures === 0;
  }

  /** @returns whether to retry at once without reporting the error */
  mayRetry(error: unknown): boolean {
    if (error instanceof SessionOutdatedError) {
      this.mustLoad ||= error.reload;
      this.#outdated += 1;
      if (this.#outdated <= MOST_OUTDATED) return true;
    }
    this.isRetry = this.#hasWorked && !this.isRetry;
    return this.isRetry;
  }

  /** @returns the number of failures in a row before this one */
  failed(): number {
    this.#hasWorked = false;
    this.isRetry = false;
    return this.#failures++;
  }
}
