import type { ServerWebSocket } from 'bun';
import type { Channel, Frame, Membership } from '../channel.ts';
import type { Close } from '../close-codes.ts';

/** A WebSocket: the one transport that Bun's topics reach. */
export class WebSocketChannel implements Channel {
  readonly transport = 'webSockets';
  readonly membership: Membership;
  readonly #socket: ServerWebSocket<unknown>;

  constructor(socket: ServerWebSocket<unknown>) {
    this.#socket = socket;
    this.membership = {
      join: (topic) => {
        socket.subscribe(topic);
      },
      leave: (topic) => {
        socket.unsubscribe(topic);
      },
    };
  }

  unsentBytes(): number {
    return this.#socket.getBufferedAmount();
  }

  send({ data }: Frame): void {
    this.#socket.send(data, false);
  }

  ping(): void {
    this.#socket.ping();
  }

  close({ code, reason }: Close): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
