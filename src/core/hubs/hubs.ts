import { randomUUID } from 'node:crypto';
import type { Server } from 'bun';
import type { Identity } from '../access/identity.ts';
import type { Journal } from '../notifications/journal.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { EmissionOptions } from '../runtime/emission.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { Channel } from './channel.ts';
import { CLOSE } from './close-codes.ts';
import { closestName } from './closest-name.ts';
import { Connection } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { FeatureTopic } from './feature-topic.ts';
import { createHubSocket, protocolOf } from './hub-socket.ts';
import { type HubStatus, hubStatus } from './hub-status.ts';
import { NotificationTopic } from './notification-topic.ts';
import { patientClock } from './patient-clock.ts';
import { plainDialect } from './plain/dialect.ts';
import { PlainSession } from './plain/session.ts';
import { queryOf } from './query.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { SignalREndpoint } from './signalr/endpoint.ts';
import { SignalRSession } from './signalr/session.ts';
import type { Topic } from './topic.ts';

/** The hub that carries all others over one connection. */
const ALL = 'all';

/** What the hubs hold for their clients. It must not grow if a client does not read. */
export interface HubLoad {
  readonly connections: number;
  /** Cursors of connections that have everything, and of those that lack something; one a connection and topic. */
  readonly following: number;
  readonly behind: number;
  /** Unsent bytes of the slowest client. */
  readonly longestBacklogBytes: number;
}

export interface HubsOptions {
  readonly running: readonly RunningFeature[];
  /** The source of the hub of notifications. */
  readonly journal: Journal;
  readonly emission: (hub: string) => EmissionOptions;
  /** How long a client of unknown dialect may be silent before it is served plain JSON, ms; 1,000. */
  readonly decideWithinMs?: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export interface Hubs {
  readonly names: readonly string[];
  /** A hub sends at most once in this time, ms; 0 if it sends everything at once, null for a hub of several. */
  emitIntervalMs(hub: string): number | null;
  /** The server whose sockets and topics the hubs use; to be called once, before the first request. */
  attach(server: Server<unknown>): void;
  /**
   * Answers a request to `/hubs/{hub}`: a WebSocket, or one of the other transports of the SignalR protocol.
   *
   * @returns undefined if the request has become a WebSocket
   * @throws Problem for an unknown hub or an invalid request
   */
  connect(hub: string, request: Request, identity: Identity): Promise<Response | undefined>;
  /** Answers `POST /hubs/{hub}/negotiate`. @throws Problem */
  negotiate(hub: string, request: Request, identity: Identity): Response;
  statuses(): HubStatus[];
  load(): HubLoad;
  /**
   * Refuses new connections, and closes every connection with a reason once its client has read everything; a client
   * that does not read is cut off after two seconds. Resolves when all are gone; never rejects.
   */
  close(): Promise<void>;
}

export function createHubs(options: HubsOptions): Hubs {
  return new ServerHubs(options);
}

class ServerHubs implements Hubs {
  readonly #options: HubsOptions;
  readonly #patient: Clock;
  readonly #sessions: Sessions;
  readonly #endpoint: SignalREndpoint;
  readonly #topics: readonly Topic[];
  readonly #hubs: ReadonlyMap<string, readonly Topic[]>;
  /** For each socket of unknown dialect: serves it plain JSON at once. */
  readonly #undecided = new Set<() => void>();
  #server: Server<unknown> | undefined;
  #closing = false;

  constructor(options: HubsOptions) {
    const { running, journal, emission, clock } = options;
    this.#options = options;
    this.#patient = patientClock(clock);
    this.#sessions = new Sessions(clock, this.#patient);
    this.#endpoint = new SignalREndpoint({
      clock: this.#patient,
      start: (hub, identity, channel, stateful, onEnd) => this.#startSignalR(hub, identity, channel, stateful, onEnd),
      renew: (session, identity) => this.#sessions.renew(session, identity),
    });
    const server = () => this.#server;
    const features = running.map(
      (each) => new FeatureTopic({ running: each, emission: emission(each.feature.name), clock, server }),
    );
    this.#topics = [...features, new NotificationTopic({ journal, clock, server })];
    const hubs = this.#topics.map((topic) => [topic.name, [topic]] as const);
    this.#hubs = new Map<string, readonly Topic[]>([...hubs, [ALL, this.#topics]]);
  }

  get names(): readonly string[] {
    return [...this.#hubs.keys()];
  }

  emitIntervalMs(hub: string): number | null {
    if (hub === ALL) return null;
    const { running, emission } = this.#options;
    return running.some(({ feature }) => feature.name === hub) ? emission(hub).intervalMs : 0;
  }

  attach(server: Server<unknown>): void {
    this.#server = server;
  }

  async connect(name: string, request: Request, identity: Identity): Promise<Response | undefined> {
    const hub = this.#openHub(name);
    const query = queryOf(request);
    if (request.method === 'GET' && request.headers.get('upgrade')?.toLowerCase() === 'websocket') {
      if (this.#upgrade(hub, request, identity, query)) return undefined;
    }
    return this.#endpoint.answer(hub, request, query.get('id'), identity);
  }

  negotiate(name: string, request: Request, { subject }: Identity): Response {
    const hub = this.#openHub(name);
    const caller = `${subject} ${this.#server?.requestIP(request)?.address ?? ''}`;
    return this.#endpoint.negotiate(hub, queryOf(request), caller);
  }

  statuses(): HubStatus[] {
    return [...this.#hubs].map(([hub, topics]) => {
      const here = this.#sessions.connections.filter((connection) => connection.hub === hub);
      return hubStatus(hub, topics, here);
    });
  }

  load(): HubLoad {
    const { connections } = this.#sessions;
    return {
      connections: connections.length,
      following: this.#topics.reduce((count, { content }) => count + content.following, 0),
      behind: this.#topics.reduce((count, { content }) => count + content.behind, 0),
      longestBacklogBytes: Math.max(0, ...connections.map(({ unsentBytes }) => unsentBytes)),
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#endpoint.close();
    for (const topic of this.#topics) topic.close();
    for (const decide of this.#undecided) decide();
    await this.#sessions.close();
  }

  /** @throws Problem when there is no hub of that name, in any letter case, or the server stops */
  #openHub(name: string): string {
    const hub = name.toLowerCase();
    if (!this.#hubs.has(hub)) {
      const meant = closestName(name, this.names);
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      throw new Problem('not-found', `There is no hub ${name}${hint}; the hubs are ${this.names.join(', ')}`);
    }
    if (this.#closing) throw new Problem('stopping', 'The server is stopping; connect again in a few seconds');
    return hub;
  }

  #upgrade(hub: string, request: Request, identity: Identity, query: URLSearchParams): boolean {
    const token = query.get('id');
    const { decideWithinMs = 1_000 } = this.#options;
    const socket =
      token !== null
        ? this.#endpoint.webSocket(hub, token, identity)
        : createHubSocket({
            protocol: protocolOf(query),
            decideWithinMs,
            clock: this.#patient,
            undecided: this.#undecided,
            start: (protocol, channel) =>
              protocol === 'plain'
                ? this.#startPlain(hub, identity, channel)
                : this.#startSignalR(hub, identity, channel, false, () => {}),
          });
    // Otherwise Bun selects the first subprotocol of the client's list.
    const headers = { 'sec-websocket-protocol': '' };
    return this.#server?.upgrade(request, { data: socket, headers }) ?? false;
  }

  #startPlain(hub: string, identity: Identity, channel: Channel): Session {
    const connection = this.#openConnection(hub, plainDialect, channel, () => session);
    const onEnd = () => this.#sessions.remove(session);
    const { onError } = this.#options;
    const session: Session = new PlainSession({ connection, channel, clock: this.#patient, onEnd, onError });
    this.#sessions.add(session, identity);
    return session;
  }

  #startSignalR(hub: string, identity: Identity, channel: Channel, stateful: boolean, onEnd: () => void) {
    const session: SignalRSession = new SignalRSession({
      channel,
      stateful,
      clock: this.#patient,
      onEnd: () => {
        this.#sessions.remove(session);
        onEnd();
      },
      onError: this.#options.onError,
      open: (dialect, itsChannel) => this.#openConnection(hub, dialect, itsChannel, () => session),
    });
    this.#sessions.add(session, identity);
    return session;
  }

  /** @param session that the connection belongs to */
  #openConnection(hub: string, dialect: Dialect, channel: Channel, session: () => Session): Connection {
    const onUnread = () => session().close(CLOSE.unread);
    const topics = this.#hubs.get(hub) ?? [];
    const connection = new Connection({ id: randomUUID(), hub, topics, dialect, channel, onUnread });
    connection.lastHeardAt = this.#options.clock.elapsed();
    return connection;
  }
}
