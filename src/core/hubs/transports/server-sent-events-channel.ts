import type { Channel, ChannelEvents, Frame } from '../channel.ts';

/** Bytes that the stream takes before it counts as slow. */
const HIGH_WATER_MARK_BYTES = 64 * 1024;

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
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(events: ChannelEvents) {
    this.#events = events;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          // Headers leave with the first bytes; a comment is no event.
          controller.enqueue(Buffer.from(':\r\n'));
        },
        pull: () => {
          if (this.unsentBytes() === 0) events.drained();
        },
        cancel: () => this.#end(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_MARK_BYTES }),
    );
    this.response = new Response(body, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-store',
        // A proxy that gathers the answer before it passes it on would never pass on this one.
        'x-accel-buffering': 'no',
      },
    });
  }

  unsentBytes(): number {
    const room = this.#controller?.desiredSize ?? HIGH_WATER_MARK_BYTES;
    return HIGH_WATER_MARK_BYTES - room;
  }

  send({ data }: Frame): void {
    this.#controller?.enqueue(Buffer.from(`data: ${data}\r\n\r\n`));
  }

  /** The transport has no way of its own; the protocol's ping does. */
  ping(): void {}

  close(): void {
    this.#controller?.close();
    this.#end();
  }

  terminate(): void {
    this.#controller?.error(new Error('terminated'));
    this.#end();
  }

  #end(): void {
    if (this.#controller === undefined) return;
    this.#controller = undefined;
    this.#events.closed();
  }
}
