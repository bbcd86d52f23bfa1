import type { Frame } from './channel.ts';
import type { ServerMessage } from './messages.ts';

/**
 * How messages become bytes for one kind of client. The same message always becomes the same bytes, whoever they are for,
 * so that what many are sent is encoded once.
 */
export interface Dialect {
  /** Names its Bun topics, and counts its connections in `/ws/status`. */
  readonly name: 'json' | 'signalr-json' | 'signalr-messagepack';
  /** Whether everyone is told of a feature's status, or only who asked. */
  readonly statusForAll: boolean;
  /** Null for a message that this kind of client is not sent. */
  encode(message: ServerMessage): Frame | null;
}
