import type { Channel, ChannelEvents, Frame } from '../channel.ts';

/**
 * Server-Sent Events (TransportProtocols.md, "Server-Sent Events"): text only, one frame an event.
 *
 * A frame is JSON, so it holds no line end that would have to be split over several `data` lines.
 */
export class ServerSentEventsChannel implements Channel {
  readonly transport = 'serverSentEvents';
  readonly membership = null;
  readonly response: Response;
  readonly #events: ChannelEvents;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #wake: () => void = () => {};
  #ending = false;

  constructor(events: ChannelEvents) {
    this.#events = events;
    this.response = new Response(this.#stream(), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-store',
        // A proxy that gathers the answer before it passes it on would never pass on this one.
        'x-accel-buffering': 'no',
      },
    });
  }

  unsentBytes(): number {
    return this.#waitingBytes;
  }

  send({ data }: Frame): void {
    if (this.#ending) return;
    const event = Buffer.from(`data: ${data}\r\n\r\n`);
    this.#waiting.push(event);
    this.#waitingBytes += event.byteLength;
    this.#wake();
  }

  /** The transport has no way of its own; the protocol's ping does. */
  ping(): void {}

  close(): void {
    this.#ending = true;
    this.#wake();
  }

  terminate(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.close();
  }

  /** The server asks for the next piece when the last one has left: what is not asked for yet is unsent. */
  async *#stream(): AsyncGenerator<Uint8Array, void, void> {
    try {
      // Headers leave with the first bytes; a comment is no event.
      yield Buffer.from(':\r\n');
      while (!this.#ending || this.#waiting.length > 0) {
        const piece = this.#takeAll();
        if (piece !== undefined) yield piece;
        if (this.#waiting.length === 0) this.#events.drained();
        if (this.#waiting.length === 0 && !this.#ending) await this.#more();
      }
    } finally {
      this.#ending = true;
      this.#events.closed();
    }
  }

  #takeAll(): Uint8Array | undefined {
    if (this.#waiting.length === 0) return undefined;
    const piece = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return piece;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
