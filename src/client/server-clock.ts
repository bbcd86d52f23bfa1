/** `Date` has whole seconds, so a smaller difference cannot be seen. */
const SMALLEST_MS = 2_000;
/** The instant of a slower answer is too vague. */
const ANSWER_WITHIN_MS = 5_000;

/** How far the server's clock is ahead of this machine's, found from the `Date` of its answers (RFC 9110, section 6.6.1). */
export class ServerClock {
  /** Milliseconds; 0 until known, and for a difference too small to be seen. */
  aheadMs = 0;

  /** @returns whether `aheadMs` has changed */
  observe(date: string | null, sentAt: number, receivedAt: number): boolean {
    const server = Date.parse(date ?? '');
    if (Number.isNaN(server) || receivedAt < sentAt || receivedAt - sentAt > ANSWER_WITHIN_MS) return false;
    const ahead = server + 500 - (sentAt + receivedAt) / 2;
    const seen = Math.abs(ahead) < SMALLEST_MS ? 0 : Math.round(ahead);
    if (Math.abs(seen - this.aheadMs) < SMALLEST_MS) return false;
    this.aheadMs = seen;
    return true;
  }
}
