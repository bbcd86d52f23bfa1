import type { ServerWebSocket } from 'bun';
import type { Cancel, Clock } from '../../runtime/clock.ts';
import type { Channel, Frame, Membership } from '../channel.ts';
import type { Close } from '../close-codes.ts';
import { LINGER_MS } from './linger.ts';

/** A WebSocket: the one transport that Bun's topics reach. */
export class WebSocketChannel implements Channel {
  readonly transport = 'webSockets';
  readonly keepsItselfAlive = false;
  readonly membership: Membership;
  readonly #socket: ServerWebSocket<unknown>;
  readonly #clock: Clock;
  /** How it ends once everything sent before has left. */
  #ending: Close | undefined;
  #cancelLinger: Cancel = () => {};

  constructor(socket: ServerWebSocket<unknown>, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
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
    if (this.#ending === undefined) this.#socket.send(data, false);
  }

  ping(): void {
    this.#socket.ping();
  }

  /**
   * A socket that is closed while bytes wait for its client can no longer be terminated: if the client never reads, it and
   * its bytes stay for good. So the end waits until they have left.
   */
  close(close: Close): void {
    if (this.#ending !== undefined) return;
    this.#ending = close;
    if (this.unsentBytes() === 0) this.#socket.close(close.code, close.reason);
    else this.#cancelLinger = this.#clock.schedule(LINGER_MS, () => this.#socket.terminate());
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Bytes have left. */
  drained(): void {
    if (this.#ending !== undefined && this.unsentBytes() === 0) {
      this.#socket.close(this.#ending.code, this.#ending.reason);
    }
  }

  /** The socket has closed. */
  gone(): void {
    this.#cancelLinger();
  }
}
