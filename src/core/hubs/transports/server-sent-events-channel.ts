import type { Cancel, Clock } from '../../runtime/clock.ts';
import type { Channel, ChannelEvents, Frame } from '../channel.ts';
import { LINGER_MS } from './linger.ts';

/**
 * Server-Sent Events (TransportProtocols.md, "Server-Sent Events"): text only, one frame an event.
 *
 * A frame is JSON, so it holds no line end that would have to be split over several `data` lines.
 */
export class ServerSentEventsChannel implements Channel {
  readonly transport = 'serverSentEvents';
  readonly keepsItselfAlive = false;
  readonly membership = null;
  readonly response: Response;
  readonly #events: ChannelEvents;
  readonly #clock: Clock;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Takes the next piece; undefined while the last one is unsent. */
  #asking: ReadableStreamDefaultController<Uint8Array> | undefined;
  #ending = false;
  #gone = false;
  /** Ends the answer at once, though the client does not read. */
  #abort: () => void = () => {};
  #cancelLinger: Cancel = () => {};

  constructor(events: ChannelEvents, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
    this.response = new Response(this.#stream(), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-store',
        // A proxy that buffers whole answers would never forward this one.
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
    this.#flush();
  }

  /** The transport has no way of its own; the protocol's ping does. */
  ping(): void {}

  close(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#cancelLinger = this.#clock.schedule(LINGER_MS, () => this.terminate());
    this.#flush();
  }

  terminate(): void {
    this.#ending = true;
    if (this.#gone) return;
    this.#abort();
    this.#leave();
  }

  /** The server asks for the next piece when the last one has left: what is not asked for yet is unsent. */
  #stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          // Without a reason: Bun would print it, as an error of ours.
          this.#abort = () => controller.error();
          // Headers leave with the first bytes; a comment is no event.
          controller.enqueue(Buffer.from(':\r\n'));
        },
        pull: (controller) => this.#pull(controller),
        cancel: () => this.#leave(),
      },
      { highWaterMark: 0 },
    );
  }

  #pull(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#asking = controller;
    if (this.#waitingBytes === 0 && !this.#ending) this.#events.drained();
    this.#flush();
  }

  #flush(): void {
    const controller = this.#asking;
    if (controller === undefined) return;
    if (this.#waitingBytes > 0) {
      this.#asking = undefined;
      controller.enqueue(this.#takeAll());
    } else if (this.#ending) {
      controller.close();
      this.#leave();
    }
  }

  #takeAll(): Uint8Array {
    const piece = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return piece;
  }

  /** The client has disconnected, or the answer is complete. */
  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#ending = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#cancelLinger();
    this.#events.closed();
  }
}
