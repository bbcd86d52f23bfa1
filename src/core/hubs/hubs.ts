import { randomUUID } from 'node:crypto';
import type { Server, ServerWebSocket } from 'bun';
import type { Identity } from '../access/identity.ts';
import type { Instant } from '../figures/calendar.ts';
import { Problem } from '../problems.ts';
import type { Cancel, Clock } from '../runtime/clock.ts';
import type { EmissionOptions } from '../runtime/emission.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import { CLOSE } from './close-codes.ts';
import { Connection } from './connection.ts';
import { Dispatcher } from './dispatcher.ts';
import { plainJson } from './protocols/plain-json.ts';
import { Topic } from './topic.ts';
import { Violations } from './violations.ts';

/** A larger frame is answered with an Error frame. */
const LARGEST_FRAME_BYTES = 64 * 1024;
/** A client that is quiet this long is asked for a sign of life, … */
const QUIET_MS = 20_000;
/** … and one that gives none this long is gone. */
const GONE_MS = 60_000;
const SWEEP_INTERVAL_MS = 5_000;
/** At a shutdown a client gets this long to read what is on its way to it. */
const READ_OUT_MS = 1_000;

/** The hub that carries every other one over a single connection. */
const ALL = 'all';

export interface HubStatus {
  readonly hub: string;
  readonly connections: number;
  /** Connections by the dialect they speak. */
  readonly dialects: Readonly<Record<string, number>>;
  readonly lastEmission: Instant | null;
  readonly seq: number | null;
  readonly status: 'none' | 'live' | 'stale';
  readonly since: Instant | null;
  readonly reason: string | null;
}

/** What the hubs hold for their clients: a client that does not read must not make it grow. */
export interface HubLoad {
  readonly connections: number;
  /** Memberships in topics, one a connection and topic: of those who keep up, and of those who do not. */
  readonly following: number;
  readonly behind: number;
  /** Bytes that wait for whichever client reads slowest. */
  readonly longestBacklogBytes: number;
}

/** The socket's own data: Bun calls these back. */
export interface HubSocket {
  open(socket: ServerWebSocket<unknown>): void;
  message(frame: string | Buffer): void;
  heard(): void;
  drain(): void;
  close(): void;
}

export interface HubsOptions {
  readonly running: readonly RunningFeature[];
  readonly emission: (hub: string) => EmissionOptions;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export interface Hubs {
  readonly names: readonly string[];
  /** The server whose sockets and topics the hubs use; to be called once, before the first upgrade. */
  attach(server: Server<unknown>): void;
  /**
   * Makes a hub connection of a request.
   *
   * @returns whether the request is a WebSocket upgrade, and is one no longer an HTTP request
   * @throws Problem `not-found` for a hub that does not exist
   */
  upgrade(hub: string, request: Request, identity: Identity): boolean;
  statuses(): HubStatus[];
  load(): HubLoad;
  /**
   * Refuses new connections, and closes every one with 1001 once the client has read what was sent to it; whoever does
   * not read is cut off after a second. Resolves when all are gone; never rejects.
   */
  close(): Promise<void>;
}

export function createHubs({ running, emission, clock, onError }: HubsOptions): Hubs {
  const connections = new Set<Connection>();
  let server: Server<unknown> | undefined;
  let closing = false;
  let allGone = () => {};
  const topics = running.map(
    (feature) => new Topic({ running: feature, emission: emission(feature.feature.name), clock, server: () => server }),
  );
  const hubs = new Map<string, readonly Topic[]>(topics.map((topic) => [topic.name, [topic]]));
  hubs.set(ALL, topics);

  const sweep = () => {
    const at = clock.elapsed();
    for (const connection of connections) {
      const quiet = at - connection.lastHeardAt;
      if (quiet > GONE_MS) connection.terminate();
      else if (quiet > QUIET_MS) connection.ping();
    }
    cancelSweep = clock.schedule(SWEEP_INTERVAL_MS, sweep);
  };
  let cancelSweep: Cancel = clock.schedule(SWEEP_INTERVAL_MS, sweep);

  const accept = (socket: ServerWebSocket<unknown>, hub: string, identity: Identity): Connection => {
    const id = randomUUID();
    const connection = new Connection({
      id,
      hub,
      topics: hubs.get(hub) ?? [],
      protocol: plainJson,
      identity,
      socket,
    });
    connections.add(connection);
    connection.lastHeardAt = clock.elapsed();
    connection.send({ kind: 'connected', hub, clientId: id });
    connection.catchUp();
    return connection;
  };

  const hubSocket = (hub: string, identity: Identity): HubSocket => {
    const violations = new Violations();
    let connection: Connection | undefined;
    let dispatcher: Dispatcher | undefined;
    let cancelExpiry: Cancel = () => {};
    return {
      open(socket) {
        connection = accept(socket, hub, identity);
        dispatcher = new Dispatcher(connection, onError);
        cancelExpiry = closeAtExpiry(connection, clock);
        if (closing) connection.close(CLOSE.goingAway);
      },
      message(frame) {
        if (connection === undefined) return;
        connection.lastHeardAt = clock.elapsed();
        const message = read(frame, connection);
        if (message.kind !== 'refused') {
          dispatcher?.dispatch(message);
          return;
        }
        connection.send({ ...message, kind: 'error' });
        if (violations.record(clock.elapsed())) connection.close(CLOSE.policy);
      },
      heard() {
        if (connection !== undefined) connection.lastHeardAt = clock.elapsed();
      },
      drain() {
        if (connection === undefined) return;
        // Nothing leaves unless the other side takes it in: whoever reads, however slowly, is alive.
        connection.lastHeardAt = clock.elapsed();
        connection.drained();
      },
      close() {
        cancelExpiry();
        if (connection === undefined) return;
        connection.leave();
        connections.delete(connection);
        if (connections.size === 0) allGone();
      },
    };
  };

  const statusOf = (hub: string, members: readonly Topic[]): HubStatus => {
    const here = [...connections].filter((connection) => connection.hub === hub);
    const [only] = members;
    const shared = { hub, connections: here.length, dialects: countDialects(here) };
    if (only === undefined || members.length > 1) {
      const emissions = members.flatMap(({ lastEmissionAt }) => lastEmissionAt ?? []);
      const statuses = members.map((topic) => topic.status().status);
      const status = statuses.includes('stale') ? 'stale' : statuses.includes('none') ? 'none' : 'live';
      const lastEmission = emissions.length === 0 ? null : Math.max(...emissions);
      return { ...shared, lastEmission, seq: null, status, since: null, reason: null };
    }
    const { status, since, reason } = only.status();
    return { ...shared, lastEmission: only.lastEmissionAt, seq: only.seq, status, since, reason };
  };

  return {
    names: [...hubs.keys()],
    attach: (attached) => {
      server = attached;
    },
    upgrade(hub, request, identity) {
      if (!hubs.has(hub)) {
        throw new Problem('not-found', `There is no hub ${hub}; the hubs are ${[...hubs.keys()].join(', ')}`);
      }
      if (closing) throw new Problem('stopping', 'The server is stopping; connect again in a few seconds');
      return server?.upgrade(request, { data: hubSocket(hub, identity) }) ?? false;
    },
    statuses: () => [...hubs].map(([hub, members]) => statusOf(hub, members)),
    load: () => ({
      connections: connections.size,
      following: topics.reduce((count, topic) => count + topic.following, 0),
      behind: topics.reduce((count, topic) => count + topic.behind, 0),
      longestBacklogBytes: Math.max(0, ...[...connections].map(({ unsentBytes }) => unsentBytes)),
    }),
    async close() {
      closing = true;
      cancelSweep();
      for (const topic of topics) topic.close();
      for (const connection of connections) connection.closeAtLast(CLOSE.goingAway);
      if (connections.size > 0) {
        await new Promise<void>((resolve) => {
          allGone = resolve;
          clock.schedule(READ_OUT_MS, resolve);
        });
      }
      for (const connection of connections) connection.terminate();
    },
  };
}

function read(frame: string | Buffer, { protocol }: Connection) {
  const bytes = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;
  if (bytes <= LARGEST_FRAME_BYTES) return protocol.decode(frame);
  const message = `The frame has ${bytes} bytes; at most ${LARGEST_FRAME_BYTES} are read`;
  return { kind: 'refused', code: 'frame-too-large', message } as const;
}

/** Waits are cut into pieces: a timer holds at most 2^31 ms. */
function closeAtExpiry(connection: Connection, clock: Clock): Cancel {
  const { expiresAt } = connection.identity;
  if (expiresAt === null) return () => {};
  let cancel: Cancel = () => {};
  const check = () => {
    const left = expiresAt - clock.now();
    if (left <= 0) connection.close(CLOSE.expired);
    else cancel = clock.schedule(Math.min(left, 3_600_000), check);
  };
  check();
  return () => cancel();
}

function countDialects(connections: readonly Connection[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { protocol } of connections) counts[protocol.name] = (counts[protocol.name] ?? 0) + 1;
  return counts;
}
