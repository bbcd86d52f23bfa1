/**
 * What a client of stateful reconnect has sent, counted (HubProtocol.md, "Sequence IDs"): a record that comes again after
 * a reconnect is ignored.
 */
export class InboundSequence {
  #next = 1;
  #latest = 0;
  #waitsForSequence = false;

  /** The highest id that was processed. */
  get latest(): number {
    return this.#latest;
  }

  /** A new transport: what counts is ignored until the client has said where it goes on. */
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
    if (this.#waitsForSequence) return false;
    const id = this.#next++;
    if (id <= this.#latest) return false;
    this.#latest = id;
    return true;
  }
}
