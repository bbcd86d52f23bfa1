import type { ServerWebSocket } from 'bun';
import type { Cancel, Clock } from '../runtime/clock.ts';
import type { Session } from './session.ts';
import { beginsHandshake } from './signalr/handshake.ts';
import { WebSocketChannel } from './transports/web-socket-channel.ts';

/** The socket's own data: Bun calls these back. */
export interface HubSocket {
  open(socket: ServerWebSocket<unknown>): void;
  message(frame: string | Buffer): void;
  heard(): void;
  drain(): void;
  close(): void;
}

/** What a client speaks; `undecided` until its first frame, or its silence, tells. */
export type Speech = 'plain' | 'signalr' | 'undecided';

export interface HubSocketOptions {
  readonly speech: Speech;
  /** How long an undecided client may be silent before it is taken for a plain one, ms. */
  readonly decideWithinMs: number;
  readonly clock: Clock;
  /** Where it leaves a way to decide at once while it waits: a server that stops does not wait with it. */
  readonly undecided: Set<() => void>;
  readonly start: (speech: Exclude<Speech, 'undecided'>, channel: WebSocketChannel) => Session;
}

/** Ties a WebSocket to a session, once it is known what the client speaks. */
export function createHubSocket({ speech, decideWithinMs, clock, undecided, start }: HubSocketOptions): HubSocket {
  let channel: WebSocketChannel | undefined;
  let session: Session | undefined;
  let closed = false;
  let cancelTimer: Cancel = () => {};
  const takeForPlain = () => {
    decide('plain');
  };
  const waitNoLonger = () => {
    cancelTimer();
    undecided.delete(takeForPlain);
  };

  const decide = (decided: Exclude<Speech, 'undecided'>): Session | undefined => {
    waitNoLonger();
    if (channel === undefined || session !== undefined) return session;
    session = start(decided, channel);
    // Its right to be here had ended: it was closed before it had begun.
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
      if (speech !== 'undecided') {
        decide(speech);
        return;
      }
      undecided.add(takeForPlain);
      cancelTimer = clock.schedule(decideWithinMs, takeForPlain);
    },
    message(frame) {
      const current = session ?? decide(beginsHandshake(frame) ? 'signalr' : 'plain');
      heard();
      current?.receive(frame);
    },
    drain() {
      // Nothing leaves unless the other side takes it in: whoever reads, however slowly, is alive.
      heard();
      channel?.drained();
      session?.drained();
    },
    close() {
      waitNoLonger();
      channel?.gone();
      channel = undefined;
      closed = true;
      session?.lost();
    },
  };
}

/**
 * What a client speaks, as far as its address tells (contract, section 5): a negotiated one, one that says so, and one
 * with a token and no word of a protocol speak SignalR.
 */
export function speechOf(query: URLSearchParams): Speech {
  const protocol = query.get('protocol')?.toLowerCase();
  if (query.has('id') || protocol === 'signalr') return 'signalr';
  if (protocol === 'json') return 'plain';
  return protocol === undefined && query.has('access_token') ? 'signalr' : 'undecided';
}
