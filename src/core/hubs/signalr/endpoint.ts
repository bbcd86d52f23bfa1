import type { Identity } from '../../access/identity.ts';
import { Problem } from '../../problems.ts';
import { readBody } from '../../request-body.ts';
import type { Cancel, Clock } from '../../runtime/clock.ts';
import type { Channel, ChannelEvents } from '../channel.ts';
import type { HubSocket } from '../hub-socket.ts';
import { LongPollingChannel } from '../transports/long-polling-channel.ts';
import { ServerSentEventsChannel } from '../transports/server-sent-events-channel.ts';
import { WebSocketChannel } from '../transports/web-socket-channel.ts';
import { negotiate } from './negotiation.ts';
import { LARGEST_RECORD_BYTES } from './records.ts';
import type { SignalRSession } from './session.ts';
import { UnusedTokens } from './unused-tokens.ts';

/** A body may hold several records; a client sends one or a few. */
const LARGEST_BODY_BYTES = 4 * LARGEST_RECORD_BYTES;
/** How long a long-polling client may fetch the last answers of an ended connection, ms. */
const FAREWELL_MS = 15_000;

export interface SignalREndpointOptions {
  readonly clock: Clock;
  readonly start: (
    hub: string,
    identity: Identity,
    channel: Channel,
    stateful: boolean,
    onEnd: () => void,
  ) => SignalRSession;
  /** A session is resumed with another token: it ends when that one expires. */
  readonly renew: (session: SignalRSession, identity: Identity) => void;
}

/** A negotiated session and the transport that carries it, under its token. */
interface Entry {
  readonly hub: string;
  /** The user who opened it. */
  readonly subject: string;
  readonly session: SignalRSession;
  readonly polling: LongPollingChannel | undefined;
}

/** What a session is started with. */
interface Start {
  readonly hub: string;
  readonly token: string;
  readonly identity: Identity;
  readonly channel: Channel;
  /** What the client sent before it opened its transport. */
  readonly early: readonly Uint8Array[];
  readonly stateful?: boolean;
  readonly polling?: LongPollingChannel;
}

/**
 * The HTTP side of the SignalR protocol (TransportProtocols.md): negotiation, and the transports that are made of
 * requests. A connection belongs to the client that has its token.
 */
export class SignalREndpoint {
  readonly #clock: Clock;
  readonly #start: SignalREndpointOptions['start'];
  readonly #renew: SignalREndpointOptions['renew'];
  readonly #unused: UnusedTokens;
  readonly #entries = new Map<string, Entry>();
  /** Timers that forget ended connections. */
  readonly #farewells = new Map<string, Cancel>();

  constructor({ clock, start, renew }: SignalREndpointOptions) {
    this.#clock = clock;
    this.#start = start;
    this.#renew = renew;
    this.#unused = new UnusedTokens(clock);
  }

  /**
   * `POST /hubs/{hub}/negotiate`.
   *
   * @param caller the unused connections of one caller do not count against others
   */
  negotiate(hub: string, query: URLSearchParams, caller: string): Response {
    const version = query.get('negotiateversion');
    const stateful = query.get('usestatefulreconnect')?.toLowerCase() === 'true';
    const { answer, negotiated } = negotiate({ hub, version, stateful });
    if (negotiated !== undefined) this.#unused.add(negotiated, caller);
    return new Response(JSON.stringify(answer), {
      headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, no-store' },
    });
  }

  /**
   * A WebSocket of a negotiated connection: its first one, or with stateful reconnect the next.
   *
   * As in ASP.NET Core, a resumed session takes the expiry of the token that it is resumed with. ASP.NET Core only warns
   * of another user; here such a token is refused.
   *
   * @throws Problem `not-found` for a connection token that is not known, or was used; `not-allowed` for another user's
   */
  webSocket(hub: string, token: string, identity: Identity): HubSocket {
    const resumed = this.#entries.get(token);
    if (resumed?.hub === hub && resumed.session.resumable) {
      const { session, subject } = resumed;
      if (subject !== identity.subject) throw new Problem('not-allowed', 'The connection belongs to another user');
      return this.#socketOf((channel) => {
        session.resume(channel);
        this.#renew(session, identity);
        return session;
      });
    }
    const negotiated = this.#unused.take(hub, token);
    if (negotiated === undefined) throw unknownConnection();
    const { early, stateful } = negotiated;
    return this.#socketOf((channel) => this.#enter({ hub, token, identity, channel, early, stateful }));
  }

  /** Requests that are no WebSocket. @throws Problem */
  async answer(hub: string, request: Request, token: string | null, identity: Identity): Promise<Response> {
    if (token === null) throw missingId(request, hub);
    switch (request.method) {
      case 'GET':
        return this.#listen(hub, request, token, identity);
      case 'POST':
        return this.#post(hub, request, token);
      default:
        return this.#delete(hub, token);
    }
  }

  /** Forgets unused and ended connections. */
  close(): void {
    this.#unused.clear();
    for (const token of [...this.#farewells.keys()]) this.#forget(token);
  }

  #listen(hub: string, request: Request, token: string, identity: Identity): Response | Promise<Response> {
    const known = this.#entries.get(token);
    if (known !== undefined && known.hub === hub && known.polling !== undefined)
      return known.polling.poll(request.signal);
    const negotiated = this.#unused.take(hub, token);
    if (negotiated === undefined) throw unknownConnection();
    const { early } = negotiated;
    const events = this.#eventsFor(token);
    if (request.headers.get('accept')?.toLowerCase().includes('text/event-stream')) {
      const channel = new ServerSentEventsChannel(events, this.#clock);
      this.#enter({ hub, token, identity, channel, early });
      return channel.response;
    }
    const polling = new LongPollingChannel(events, this.#clock);
    this.#enter({ hub, token, identity, channel: polling, early, polling });
    return polling.poll(request.signal);
  }

  async #post(hub: string, request: Request, token: string): Promise<Response> {
    if (!this.#unused.has(hub, token)) {
      // A request is a sign of life at its start, however long its body takes.
      const { connection } = this.#find(hub, token).session;
      if (connection !== undefined) connection.lastHeardAt = this.#clock.elapsed();
    }
    const body = await readBody(request, LARGEST_BODY_BYTES);
    // As with ASP.NET Core, a client may post before its first poll.
    if (!this.#unused.keepEarly(hub, token, body)) this.#find(hub, token).session.receive(body);
    return new Response(null, { status: 200 });
  }

  #delete(hub: string, token: string): Response {
    // The .NET client sends Close, then DELETE: DELETE is allowed on an ended connection.
    const { session, polling } = this.#known(hub, token);
    if (polling === undefined) throw new Problem('invalid-request', 'Only a long-polling connection is ended this way');
    session.leave();
    this.#forget(token);
    return new Response(null, { status: 202 });
  }

  #find(hub: string, token: string): Entry {
    const entry = this.#known(hub, token);
    if (entry.session.ended) throw unknownConnection();
    return entry;
  }

  #known(hub: string, token: string): Entry {
    const entry = this.#entries.get(token);
    if (entry === undefined || entry.hub !== hub) throw unknownConnection();
    return entry;
  }

  #enter({ hub, token, identity, channel, early, stateful = false, polling }: Start): SignalRSession {
    const session = this.#start(hub, identity, channel, stateful, () => this.#ended(token));
    this.#entries.set(token, { hub, subject: identity.subject, session, polling });
    if (session.ended) this.#ended(token);
    for (const piece of early) session.receive(piece);
    return session;
  }

  /** A session has ended. A client between two polls may still fetch its Close record. */
  #ended(token: string): void {
    const polling = this.#entries.get(token)?.polling;
    if (polling === undefined) this.#entries.delete(token);
    else
      this.#farewells.set(
        token,
        this.#clock.schedule(FAREWELL_MS, () => this.#forget(token)),
      );
  }

  #forget(token: string): void {
    this.#farewells.get(token)?.();
    this.#farewells.delete(token);
    this.#entries.delete(token);
  }

  #eventsFor(token: string): ChannelEvents {
    return {
      drained: () => this.#entries.get(token)?.session.drained(),
      closed: () => this.#entries.get(token)?.session.lost(),
    };
  }

  #socketOf(start: (channel: WebSocketChannel) => SignalRSession): HubSocket {
    let session: SignalRSession | undefined;
    let channel: WebSocketChannel | undefined;
    const heard = () => {
      if (session?.connection !== undefined) session.connection.lastHeardAt = this.#clock.elapsed();
    };
    return {
      heard,
      open: (socket) => {
        channel = new WebSocketChannel(socket, this.#clock);
        session = start(channel);
      },
      message: (frame) => {
        heard();
        session?.receive(frame);
      },
      drain: () => {
        heard();
        channel?.drained();
        session?.drained();
      },
      close: () => {
        channel?.gone();
        if (channel !== undefined) session?.lost(channel);
      },
    };
  }
}

function unknownConnection(): Problem {
  return new Problem('not-found', 'There is no such connection; negotiate a new one');
}

function missingId(request: Request, hub: string): Problem {
  if (request.method === 'GET') {
    return new Problem('upgrade-required', `Open a WebSocket here: ws://<host>/hubs/${hub}`, {
      headers: { upgrade: 'websocket', connection: 'Upgrade' },
    });
  }
  return new Problem('invalid-request', 'Name the connection in ?id=');
}
