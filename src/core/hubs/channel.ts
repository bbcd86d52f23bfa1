import type { Close } from './close-codes.ts';

/** Bytes sent to a client in one piece, and how many of their SignalR records count for sequence ids. */
export interface Frame {
  readonly data: string | Uint8Array;
  readonly records: number;
}

/** A frame that does not count: a ping, a close, an acknowledgement, or anything in plain JSON. */
export function uncounted(data: string | Uint8Array): Frame {
  return { data, records: 0 };
}

export type Transport = 'webSockets' | 'serverSentEvents' | 'longPolling';

/** The connection to one client over any transport. */
export interface Channel {
  readonly transport: Transport;
  /** Whether the transport itself detects a lost client, so that neither side pings. */
  readonly keepsItselfAlive: boolean;
  /** Bytes that the client has not taken yet. */
  unsentBytes(): number;
  send(frame: Frame): void;
  /** Membership in Bun's topics; null if they do not reach the client. */
  readonly membership: Membership | null;
  /** Sends a ping of the transport, if it has one. */
  ping(): void;
  /** Closes the connection after everything was sent. */
  close(close: Close): void;
  /** Ends the connection immediately. */
  terminate(): void;
}

export interface Membership {
  join(topic: string): void;
  leave(topic: string): void;
}

/** Callbacks of a channel. */
export interface ChannelEvents {
  /** Nothing is unsent any more. */
  drained(): void;
  /** The client has disconnected, or was disconnected. */
  closed(): void;
}
