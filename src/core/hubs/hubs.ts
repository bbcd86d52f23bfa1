import { randomUUID } from 'node:crypto';
import type { Server } from 'bun';
import type { Identity } from '../access/identity.ts';
import type { Journal } from '../notifications/journal.ts';
import { Problem } from '../problems.ts';
import type { Cancel, Clock } from '../runtime/clock.ts';
import type { EmissionOptions } from '../runtime/emission.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { Channel } from './channel.ts';
import { CLOSE } from './close-codes.ts';
import { closestName } from './closest-name.ts';
import { Connection } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { FeatureTopic } from './feature-topic.ts';
import type { Topic } from './following.ts';
import { createHubSocket, speechOf } from './hub-socket.ts';
import { type HubStatus, hubStatus } from './hub-status.ts';
import { closeAtExpiry } from './lifetime.ts';
import { NotificationTopic } from './notification-topic.ts';
import { every, patientClock } from './patient-clock.ts';
import { plainDialect } from './plain/dialect.ts';
import { PlainSession } from './plain/session.ts';
import { queryOf } from './query.ts';
import type { Session } from './session.ts';
import { SignalREndpoint } from './signalr/endpoint.ts';
import { SignalRSession } from './signalr/session.ts';
import { LINGER_MS } from './transports/linger.ts';

const SWEEP_INTERVAL_MS = 5_000;
/** A client that gives no sign of life this long is gone. Those of the SignalR protocol ping every 15 s by themselves. */
const GONE_MS: Readonly<Record<Dialect['name'], number>> = {
  json: 60_000,
  'signalr-json': 30_000,
  'signalr-messagepack': 30_000,
};

/** The hub that carries every other one over a single connection. */
const ALL = 'all';

/** What the hubs hold for their clients: a client that does not read must not make it grow. */
export interface HubLoad {
  readonly connections: number;
  /** Memberships in topics, one a connection and topic: of those who keep up, and of those who do not. */
  readonly following: number;
  readonly behind: number;
  /** Bytes that wait for whichever client reads slowest. */
  readonly longestBacklogBytes: number;
}

export interface HubsOptions {
  readonly running: readonly RunningFeature[];
  /** What the hub of notifications tells. */
  readonly journal: Journal;
  readonly emission: (hub: string) => EmissionOptions;
  /** How long a client that has not said what it speaks may be silent before it is taken for a plain one, ms; 1,000. */
  readonly decideWithinMs?: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export interface Hubs {
  readonly names: readonly string[];
  /** A hub sends at most once in this time; 0 where it sends everything at once, null for a hub of several. */
  emitIntervalMs(hub: string): number | null;
  /** The server whose sockets and topics the hubs use; to be called once, before the first request. */
  attach(server: Server<unknown>): void;
  /**
   * Answers a request to `/hubs/{hub}`: a WebSocket, or one of the other transports of the SignalR protocol.
   *
   * @returns undefined where the request has become a WebSocket
   * @throws Problem for a hub that does not exist, and whatever else is wrong with the request
   */
  connect(hub: string, request: Request, identity: Identity): Promise<Response | undefined>;
  /** Answers `POST /hubs/{hub}/negotiate`. @throws Problem */
  negotiate(hub: string, request: Request, identity: Identity): Response;
  statuses(): HubStatus[];
  load(): HubLoad;
  /**
   * Refuses new connections, and ends every one with its reason once the client has read what was sent to it; whoever
   * does not read is cut off after two seconds. Resolves when all are gone; never rejects.
   */
  close(): Promise<void>;
}

export function createHubs(options: HubsOptions): Hubs {
  const { running, journal, emission, decideWithinMs = 1_000, clock, onError } = options;
  /** For everything that ends because a client has not been heard. */
  const patient = patientClock(clock);
  /** Everyone, those included who have not shaken hands yet. */
  const sessions = new Set<Session>();
  const undecided = new Set<() => void>();
  let server: Server<unknown> | undefined;
  let closing = false;
  let allGone = () => {};
  const shared = { clock, server: () => server };
  const topics: readonly Topic[] = [
    ...running.map((each) => new FeatureTopic({ running: each, emission: emission(each.feature.name), ...shared })),
    new NotificationTopic({ journal, ...shared }),
  ];
  const hubs = new Map<string, readonly Topic[]>(topics.map((topic) => [topic.name, [topic]]));
  hubs.set(ALL, topics);

  /** @param session whose connection it will be */
  const openConnection = (hub: string, dialect: Dialect, channel: Channel, session: () => Session): Connection => {
    const onUnread = () => session().close(CLOSE.unread);
    const topicsOfHub = hubs.get(hub) ?? [];
    const connection = new Connection({ id: randomUUID(), hub, topics: topicsOfHub, dialect, channel, onUnread });
    connection.lastHeardAt = clock.elapsed();
    return connection;
  };

  const dismiss = (session: Session) => {
    sessions.delete(session);
    if (sessions.size === 0) allGone();
  };

  const connections = (): Connection[] => [...sessions].flatMap(({ connection }) => connection ?? []);

  const admit = (session: Session, identity: Identity): Cancel => {
    sessions.add(session);
    const cancelExpiry = closeAtExpiry(session, identity, clock);
    if (closing) session.close(CLOSE.goingAway);
    return cancelExpiry;
  };

  const startPlain = (hub: string, identity: Identity, channel: Channel): Session => {
    let cancelExpiry: Cancel = () => {};
    const connection = openConnection(hub, plainDialect, channel, () => session);
    const onEnd = () => {
      cancelExpiry();
      dismiss(session);
    };
    const session: Session = new PlainSession({ connection, channel, clock: patient, onEnd, onError });
    cancelExpiry = admit(session, identity);
    return session;
  };

  const startSignalR = (
    hub: string,
    identity: Identity,
    channel: Channel,
    stateful: boolean,
    onEnd: () => void = () => {},
  ): SignalRSession => {
    let cancelExpiry: Cancel = () => {};
    const session: SignalRSession = new SignalRSession({
      channel,
      stateful,
      clock: patient,
      onEnd() {
        cancelExpiry();
        dismiss(session);
        onEnd();
      },
      onError,
      open: (dialect, itsChannel) => openConnection(hub, dialect, itsChannel, () => session),
    });
    cancelExpiry = admit(session, identity);
    return session;
  };

  const endpoint = new SignalREndpoint({ clock: patient, start: startSignalR });

  const upgrade = (hub: string, request: Request, identity: Identity, query: URLSearchParams): boolean => {
    const token = query.get('id');
    const socket =
      token !== null
        ? endpoint.webSocket(hub, token, identity)
        : createHubSocket({
            speech: speechOf(query),
            decideWithinMs,
            clock: patient,
            undecided,
            start: (speech, channel) =>
              speech === 'plain' ? startPlain(hub, identity, channel) : startSignalR(hub, identity, channel, false),
          });
    // Else Bun answers with the first subprotocol of the client's list, as if it had been chosen.
    const headers = { 'sec-websocket-protocol': '' };
    return server?.upgrade(request, { data: socket, headers }) ?? false;
  };

  /** @throws Problem when there is no hub of that name, in whatever letter case, or the server stops */
  const openHub = (name: string): string => {
    const hub = name.toLowerCase();
    if (!hubs.has(hub)) {
      const meant = closestName(name, hubs.keys());
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      throw new Problem('not-found', `There is no hub ${name}${hint}; the hubs are ${[...hubs.keys()].join(', ')}`);
    }
    if (closing) throw new Problem('stopping', 'The server is stopping; connect again in a few seconds');
    return hub;
  };

  const endSilent = () => {
    for (const session of sessions) {
      if (session.connection === undefined) continue;
      const { dialect, keepsItselfAlive, lastHeardAt } = session.connection;
      if (!keepsItselfAlive && clock.elapsed() - lastHeardAt > GONE_MS[dialect.name]) session.terminate();
    }
  };
  const cancelSweeps = [
    every(patient, SWEEP_INTERVAL_MS, endSilent),
    // Not patient: clients wait for our pings, after a pause more than ever.
    every(clock, SWEEP_INTERVAL_MS, () => {
      for (const session of sessions) if (session.connection !== undefined) session.keepAlive(clock.elapsed());
    }),
  ];

  return {
    names: [...hubs.keys()],
    emitIntervalMs(hub) {
      if (hub === ALL) return null;
      return running.some(({ feature }) => feature.name === hub) ? emission(hub).intervalMs : 0;
    },
    attach: (attached) => {
      server = attached;
    },
    async connect(name, request, identity) {
      const hub = openHub(name);
      const query = queryOf(request);
      if (request.method === 'GET' && request.headers.get('upgrade')?.toLowerCase() === 'websocket') {
        if (upgrade(hub, request, identity, query)) return undefined;
      }
      return endpoint.answer(hub, request, query.get('id'), identity);
    },
    negotiate(name, request, { subject }) {
      const hub = openHub(name);
      const caller = `${subject} ${server?.requestIP(request)?.address ?? ''}`;
      return endpoint.negotiate(hub, queryOf(request), caller);
    },
    statuses: () =>
      [...hubs].map(([hub, itsTopics]) => {
        const here = connections().filter((connection) => connection.hub === hub);
        return hubStatus(hub, itsTopics, here);
      }),
    load: () => ({
      connections: connections().length,
      following: topics.reduce((count, topic) => count + topic.following, 0),
      behind: topics.reduce((count, topic) => count + topic.behind, 0),
      longestBacklogBytes: Math.max(0, ...connections().map(({ unsentBytes }) => unsentBytes)),
    }),
    async close() {
      closing = true;
      for (const cancel of cancelSweeps) cancel();
      endpoint.close();
      for (const topic of topics) topic.close();
      for (const decide of undecided) decide();
      for (const session of sessions) {
        const end = () => session.close(CLOSE.goingAway);
        if (session.connection === undefined) end();
        else session.connection.finish(end);
      }
      if (sessions.size === 0) return;
      await new Promise<void>((resolve) => {
        allGone = resolve;
        clock.schedule(LINGER_MS, () => {
          for (const session of sessions) session.terminate();
          resolve();
        });
      });
    },
  };
}
