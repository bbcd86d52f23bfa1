import type { Cancel, Clock } from '../../runtime/clock.ts';

/** A received record is acknowledged this much later, with those that came meanwhile, ms. */
const ACKNOWLEDGE_AFTER_MS = 1_000;

/**
 * What a client of stateful reconnect has sent, counted (HubProtocol.md, "Sequence IDs"): a record that comes again after
 * a reconnect is ignored.
 */
export class InboundSequence {
  readonly #clock: Clock;
  readonly #acknowledge: (sequenceId: number) => boolean;
  #next = 1;
  #latest = 0;
  #waitsForSequence = false;

  #cancelTimer: Cancel | undefined;

  /** @param acknowledge sends the highest id that was processed; returns whether it could */
  constructor(clock: Clock, acknowledge: (sequenceId: number) => boolean) {
    this.#clock = clock;
    this.#acknowledge = acknowledge;
  }

  /** A new transport: records that count are ignored until the client has sent its Sequence. */
  reconnected(): void {
    this.#waitsForSequence = true;
  }

  /** @returns false when the client claims to have sent more than has come */
  align(sequenceId: number): boolean {
    this.#waitsForSequence = false;
    if (sequenceId > this.#latest + 1) return false;
    this.#next = sequenceId;
    return true;
  }

  /** Counts a record. @returns whether it is new */
  take(): boolean {
    this.#acknowledgeSoon();
    if (this.#waitsForSequence) return false;
    const id = this.#next++;
    if (id <= this.#latest) return false;
    this.#latest = id;
    return true;
  }

  /** Acknowledges nothing more. */
  stop(): void {
    this.#cancelTimer?.();
  }

  #acknowledgeSoon(): void {
    this.#cancelTimer ??= this.#clock.schedule(ACKNOWLEDGE_AFTER_MS, () => {
      this.#cancelTimer = undefined;
      if (!this.#acknowledge(this.#latest)) this.#acknowledgeSoon();
    });
  }
}
