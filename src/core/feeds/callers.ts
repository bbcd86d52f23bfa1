import type { Clock } from '../runtime/clock.ts';

/** Callers that wait for the feed to catch up or to compare, and the pauses that they shorten. */
export class FeedCallers {
  readonly syncs = new CallerQueue();
  readonly comparisons = new CallerQueue();
  readonly #clock: Clock;
  readonly #requestEveryMs: number;
  #requestedAt = Number.NEGATIVE_INFINITY;
  #endPause = () => {};
  #hurry = () => {};

  /** @param requestEveryMs minimal time between two requests to the source that callers cause, ms */
  constructor(clock: Clock, requestEveryMs: number) {
    this.#clock = clock;
    this.#requestEveryMs = requestEveryMs;
  }

  /** Resolves with the next poll. */
  sync(): Promise<void> {
    const caller = this.syncs.add();
    this.#hurry();
    return caller;
  }

  /** Resolves with the next comparison. */
  compare(): Promise<void> {
    const caller = this.comparisons.add();
    this.#hurry();
    return caller;
  }

  reject(error: unknown): void {
    this.syncs.reject(error);
    this.comparisons.reject(error);
  }

  /** Records the time of a request to the source. */
  noteRequest(): void {
    this.#requestedAt = this.#clock.elapsed();
  }

  /** Waits; less if a caller waits, or if one comes meanwhile. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const endsAt = this.#clock.elapsed() + milliseconds;
      let cancel = () => {};
      this.#endPause = () => {
        this.#hurry = () => {};
        this.#endPause = () => {};
        cancel();
        resolve();
      };
      this.#hurry = () => {
        cancel();
        const rest = Math.min(this.#untilRequest(), endsAt - this.#clock.elapsed());
        if (rest <= 0) this.#endPause();
        else cancel = this.#clock.schedule(rest, this.#endPause);
      };
      const wait = this.#isWanted() ? Math.min(milliseconds, this.#untilRequest()) : milliseconds;
      cancel = this.#clock.schedule(Math.max(0, wait), this.#endPause);
    });
  }

  endPause(): void {
    this.#endPause();
  }

  #isWanted(): boolean {
    return this.syncs.isWanted() || this.comparisons.isWanted();
  }

  /** How long until a caller may cause a request, ms. */
  #untilRequest(): number {
    return this.#requestedAt + this.#requestEveryMs - this.#clock.elapsed();
  }
}

/** Callers that one answer serves: all that are queued when the work starts. */
class CallerQueue {
  #callers: PromiseWithResolvers<void>[] = [];

  add(): Promise<void> {
    const caller = Promise.withResolvers<void>();
    // A caller that no longer waits must not cause an unhandled rejection.
    caller.promise.catch(() => {});
    this.#callers.push(caller);
    return caller.promise;
  }

  isWanted(): boolean {
    return this.#callers.length > 0;
  }

  /** Removes the queued callers and returns them. */
  take(): PromiseWithResolvers<void>[] {
    return this.#callers.splice(0);
  }

  /** Puts callers back at the front, after the work failed. */
  putBack(callers: readonly PromiseWithResolvers<void>[]): void {
    this.#callers.unshift(...callers);
  }

  resolve(): void {
    for (const { resolve } of this.take()) resolve();
  }

  reject(error: unknown): void {
    for (const { reject } of this.take()) reject(error);
  }
}
