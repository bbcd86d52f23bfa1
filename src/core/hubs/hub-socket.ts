import type { ServerWebSocket } from 'bun';
import type { Cancel, Clock } from '../runtime/clock.ts';
import type { Session } from './session.ts';
import { beginsHandshake } from './signalr/handshake.ts';
import { WebSocketChannel } from './transports/web-socket-channel.ts';

/** The socket's data: callbacks of Bun. */
export interface HubSocket {
  open(socket: ServerWebSocket<unknown>): void;
  message(frame: string | Buffer): void;
  heard(): void;
  drain(): void;
  close(): void;
}

/** The protocol of a client; `undecided` before its first frame or a while of silence. */
export type ClientProtocol = 'plain' | 'signalr' | 'undecided';

export interface HubSocketOptions {
  readonly protocol: ClientProtocol;
  /** How long an undecided client may be silent before it is served plain JSON, ms. */
  readonly decideWithinMs: number;
  readonly clock: Clock;
  /** Decides each undecided socket at once: a server that stops does not wait for it. */
  readonly undecided: Set<() => void>;
  readonly start: (protocol: Exclude<ClientProtocol, 'undecided'>, channel: WebSocketChannel) => Session;
}

/** Starts the session of a WebSocket once the client's protocol is known. */
export function createHubSocket({ protocol, decideWithinMs, clock, undecided, start }: HubSocketOptions): HubSocket {
  let channel: WebSocketChannel | undefined;
  let session: Session | undefined;
  let closed = false;
  let cancelTimer: Cancel = () => {};
  const choosePlain = () => {
    decide('plain');
  };
  const stopWaiting = () => {
    cancelTimer();
    undecided.delete(choosePlain);
  };

  const decide = (decided: Exclude<ClientProtocol, 'undecided'>): Session | undefined => {
    stopWaiting();
    if (channel === undefined || session !== undefined) return session;
    session = start(decided, channel);
    // The token expired first: the socket closed while the session started.
    if (closed) session.lost();
    return session;
  };
  const heard = () => {
    if (session?.connection !== undefined) session.connection.lastHeardAt = clock.elapsed();
  };
  return {
    heard,
    open(socket) {
      channel = new WebSocketChannel(socket, clock);
      if (protocol !== 'undecided') {
        decide(protocol);
        return;
      }
      undecided.add(choosePlain);
      cancelTimer = clock.schedule(decideWithinMs, choosePlain);
    },
    message(frame) {
      const current = session ?? decide(beginsHandshake(frame) ? 'signalr' : 'plain');
      heard();
      current?.receive(frame);
    },
    drain() {
      // Bytes are sent only if the client reads, so even a slow client is alive.
      heard();
      channel?.drained();
      session?.drained();
    },
    close() {
      stopWaiting();
      channel?.gone();
      channel = undefined;
      closed = true;
      session?.lost();
    },
  };
}

/**
 * The protocol that a client's address implies (contract, section 5): SignalR for a negotiated connection, for
 * `?protocol=signalr`, and for a token without `protocol`.
 */
export function protocolOf(query: URLSearchParams): ClientProtocol {
  const protocol = query.get('protocol')?.toLowerCase();
  if (query.has('id') || protocol === 'signalr') return 'signalr';
  if (protocol === 'json') return 'plain';
  return protocol === undefined && query.has('access_token') ? 'signalr' : 'undecided';
}
