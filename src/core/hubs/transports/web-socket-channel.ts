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
  /** Frames beyond the server's limit of unsent bytes, in the order to be sent. */
  #held: Frame[] = [];
  #heldBytes = 0;
  /** How the socket closes once nothing is unsent. */
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
    return this.#socket.getBufferedAmount() + this.#heldBytes;
  }

  send(frame: Frame): void {
    if (this.#ending !== undefined || (this.#held.length === 0 && this.#takes(frame))) return;
    this.#held.push(frame);
    this.#heldBytes += frame.data.length;
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

  /** The client has taken bytes. */
  drained(): void {
    this.#sendHeld();
    if (this.#ending !== undefined && this.unsentBytes() === 0) {
      this.#socket.close(this.#ending.code, this.#ending.reason);
    }
  }

  /** The socket has closed. */
  gone(): void {
    this.#cancelLinger();
    this.#held = [];
    this.#heldBytes = 0;
  }

  #sendHeld(): void {
    let sent = 0;
    for (const frame of this.#held) {
      if (!this.#takes(frame)) break;
      this.#heldBytes -= frame.data.length;
      sent++;
    }
    this.#held.splice(0, sent);
  }

  /** Bun drops what is sent to a socket beyond its limit. A closed socket takes everything. */
  #takes({ data }: Frame): boolean {
    return this.#socket.send(data, false) !== 0 || this.#socket.readyState !== WebSocket.OPEN;
  }
}
