import type { Close } from './close-codes.ts';

/** Bytes that go to a client as one, and how many records of the SignalR protocol they hold that count for sequences. */
export interface Frame {
  readonly data: string | Uint8Array;
  readonly records: number;
}

/** A frame that does not count: a ping, a close, an acknowledgement, or anything in plain JSON. */
export function uncounted(data: string | Uint8Array): Frame {
  return { data, records: 0 };
}

export type Transport = 'webSockets' | 'serverSentEvents' | 'longPolling';

/** The way to one client, whatever carries it. */
export interface Channel {
  readonly transport: Transport;
  /** Whether the transport itself finds out that its client has gone, and neither side needs to ping. */
  readonly keepsItselfAlive: boolean;
  /** Bytes that wait for the client to take them. */
  unsentBytes(): number;
  send(frame: Frame): void;
  /** Membership in Bun's topics; null where every publication has to be handed over by itself. */
  readonly membership: Membership | null;
  /** Asks for a sign of life where the transport has a way of its own to. */
  ping(): void;
  /** Ends the connection in good order, after what was sent. */
  close(close: Close): void;
  /** Ends the connection at once. */
  terminate(): void;
}

export interface Membership {
  join(topic: string): void;
  leave(topic: string): void;
}

/** What a channel tells whoever uses it. */
export interface ChannelEvents {
  /** Everything that was sent has left. */
  drained(): void;
  /** The client has gone, or was made to. */
  closed(): void;
}
