import type { Clock, ElapsedMs } from '../../runtime/clock.ts';
import type { Channel } from '../channel.ts';
import { CLOSE, type Close } from '../close-codes.ts';
import type { Connection } from '../connection.ts';
import { Dispatcher } from '../dispatcher.ts';
import type { ClientMessage, FrameError } from '../messages.ts';
import { decodePlainJson } from '../protocols/plain-json.ts';
import type { Session } from '../session.ts';
import { Violations } from './violations.ts';

/** A client that is silent this long is sent a ping, ms. */
const QUIET_MS = 20_000;
/** A larger frame is answered with an Error frame. */
const LARGEST_FRAME_BYTES = 64 * 1024;

export interface PlainSessionOptions {
  readonly connection: Connection;
  readonly channel: Channel;
  readonly clock: Clock;
  /** Called once, when the session has ended. */
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** One client that speaks plain JSON over a WebSocket. */
export class PlainSession implements Session {
  readonly connection: Connection;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #dispatcher: Dispatcher;
  readonly #violations = new Violations();

  constructor({ connection, channel, clock, onEnd, onError }: PlainSessionOptions) {
    this.connection = connection;
    this.#channel = channel;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#dispatcher = new Dispatcher(connection, onError);
    connection.send({ kind: 'connected', hub: connection.hub, clientId: connection.id });
    connection.catchUp();
  }

  receive(frame: string | Uint8Array): void {
    const message = read(frame);
    if (message.kind === 'refused') this.#refuse(message);
    else if (message.kind === 'ping') this.connection.send({ kind: 'pong', timestamp: message.timestamp });
    else this.#invoke(message.method);
  }

  drained(): void {
    this.connection.drained();
  }

  lost(): void {
    this.connection.leave();
    this.#onEnd();
  }

  /** A ping frame, which a WebSocket client answers by itself. */
  keepAlive(at: ElapsedMs): void {
    if (at - this.connection.lastHeardAt > QUIET_MS) this.#channel.ping();
  }

  close(close: Close): void {
    this.#channel.close(close);
  }

  terminate(): void {
    this.#channel.terminate();
  }

  #invoke(method: string): void {
    this.#dispatcher.invoke(method, (error) => {
      if (error !== null) this.connection.send({ kind: 'error', code: error.code, message: error.message });
    });
  }

  #refuse(error: FrameError): void {
    this.connection.send({ ...error, kind: 'error' });
    if (this.#violations.record(this.#clock.elapsed())) this.close(CLOSE.policy);
  }
}

function read(frame: string | Uint8Array): ClientMessage | FrameError {
  const bytes = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;
  if (bytes <= LARGEST_FRAME_BYTES) return decodePlainJson(frame);
  const message = `The frame has ${bytes} bytes; at most ${LARGEST_FRAME_BYTES} are read`;
  return { kind: 'refused', code: 'frame-too-large', message };
}
