import type { Frame } from './channel.ts';
import type { ServerMessage } from './messages.ts';

/**
 * Encodes messages for one kind of client. The same message always becomes the same bytes, so that a message to many
 * clients is encoded once.
 */
export interface Dialect {
  /** The name in its Bun topics and in `/ws/status`. */
  readonly name: 'json' | 'signalr-json' | 'signalr-messagepack';
  /** Whether every client gets the changes of a feature's status, or only those that asked. */
  readonly statusForAll: boolean;
  /** Null for a message that this kind of client does not get. */
  encode(message: ServerMessage): Frame | null;
}
