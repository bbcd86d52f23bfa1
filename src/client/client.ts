import { Connection, type ConnectionTimings, DEFAULT_TIMINGS } from './connection.ts';
import { Emitter } from './emitter.ts';
import { type Environment, systemEnvironment } from './environment.ts';
import { forceUpdate } from './force-update.ts';
import { readFrame, type ServerMessage } from './frames.ts';
import { fullJitter } from './full-jitter.ts';
import { type HistoryOptions, historyPath } from './history-path.ts';
import { NotificationFeed, PAGE } from './notification-feed.ts';
import { ask, type RestAnswer } from './rest.ts';
import { ServerClock } from './server-clock.ts';
import type {
  About,
  AnySnapshot,
  FeatureName,
  FeatureStatus,
  History,
  HubName,
  Notification,
  Snapshots,
  UpdateOutcome,
} from './shapes.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { ConnectionState } from './state.ts';
import type { TokenSource } from './token.ts';

export interface ClientOptions {
  /** `http://host:8000`; the page's own origin by default. */
  readonly baseUrl?: string;
  /** What to follow, over one connection: every hub that the token may read by default. */
  readonly hubs?: readonly HubName[] | 'all';
  /** Asked before every attempt and request. Without it the cookie `jwt` counts, or access control is off. */
  readonly token?: TokenSource;
  /** Receives what a listener throws; an uncaught error by default. */
  readonly onError?: (error: unknown) => void;
  readonly timings?: Partial<ConnectionTimings>;
  readonly environment?: Partial<Environment>;
}

export interface ClientEvents {
  /** A snapshot with a `seq` that is at least that of the one before; lower only from a server that lost its state. */
  readonly snapshot: AnySnapshot;
  /** A source fails, or works again. */
  readonly status: FeatureStatus;
  /** Each once, including those that were missed while there was no connection. */
  readonly notification: Notification;
  readonly state: ConnectionState;
  /** The answer of `/api/about`: after the first connection, and after another one if it has changed. */
  readonly about: About;
  /** The server has another version than before: a page should load itself again. */
  readonly version: { readonly before: string; readonly now: string };
  /** How far the server's clock is ahead of this machine's, ms; sent when that has changed by 2 s or more. */
  readonly clock: number;
}

export interface Client {
  readonly state: ConnectionState;
  /** The latest snapshots; a new object whenever one of them changes. */
  readonly snapshots: Snapshots;
  /** Undefined before the first answer. */
  readonly about: About | undefined;
  /** Connects, and reconnects whenever the connection is lost. While it waits for an attempt, tries at once. */
  connect(): void;
  close(): void;
  /** @returns removes the listener */
  on<Name extends keyof ClientEvents>(event: Name, listener: (value: ClientEvents[Name]) => void): () => void;
  /**
   * Has the server read a feature's source now; the snapshot reaches every client with reason `Manual`.
   *
   * @throws UnreachableError if there is no answer in time
   */
  forceUpdate(feature: FeatureName): Promise<UpdateOutcome>;
  /**
   * Figures of a feature over time; by default its headlines in the last 24 hours.
   *
   * @param signal aborts the request
   * @throws ProblemError if the server refuses, such as a period that is too long for its step; UnreachableError
   *
   * @example
   * const { series } = await client.history('claims', { figures: ['summary.WinRate'], step: 'hour', compare: 'previous' });
   */
  history(feature: FeatureName, options?: HistoryOptions, signal?: AbortSignal): Promise<History>;
  /**
   * `GET` with the token: `rest('/api/claims/summary')`.
   *
   * @param signal aborts the request
   * @throws ProblemError if the server refuses, UnreachableError if it does not answer or the request was aborted
   */
  rest<Path extends `/api/${string}`>(path: Path, signal?: AbortSignal): Promise<RestAnswer<Path>>;
}

/**
 * A client of the server's hubs and routes, typed by the server's own schemas. It needs `WebSocket` and `fetch`, and nothing
 * else.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://localhost:8000', token: () => session.token });
 * client.on('snapshot', (snapshot) => {
 *   if (snapshot.feature === 'claims') console.log(snapshot.data.summary.CriticalClaims);
 * });
 * client.connect();
 */
export function createClient(options: ClientOptions = {}): Client {
  const { baseUrl = ownOrigin(), hubs = 'all', token = () => undefined, onError = throwLater } = options;
  const own = { ...systemEnvironment, ...options.environment };
  const clock = new ServerClock();
  const environment: Environment = {
    ...own,
    async fetch(url, init) {
      const sentAt = own.now();
      const response = await own.fetch(url, init);
      if (clock.observe(response.headers.get('date'), sentAt, own.now())) events.emit('clock', clock.aheadMs);
      return response;
    },
  };
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const { origin } = new URL(baseUrl);
  const hub = hubs !== 'all' && hubs.length === 1 ? (hubs[0] ?? 'all') : 'all';
  const follows = (name: HubName) => hubs === 'all' || hubs.includes(name);

  const events = new Emitter<ClientEvents>(onError);
  const snapshots = new SnapshotStore();
  let about: About | undefined;

  const request = <Path extends `/api/${string}`>(path: Path, signal?: AbortSignal) =>
    ask<RestAnswer<Path>>('GET', { origin, token, environment }, path, signal);

  const feed = new NotificationFeed({
    after: (id) => request(`/api/notifications?since=${id}&limit=${PAGE}`),
    onNotification: (notification) => events.emit('notification', notification),
  });

  const learnAbout = async () => {
    const before = about;
    about = await request('/api/about');
    if (JSON.stringify(before) !== JSON.stringify(about)) events.emit('about', about);
    if (before !== undefined && before.version !== about.version) {
      events.emit('version', { before: before.version, now: about.version });
    }
  };

  let cancelAbout = () => {};
  let connections = 0;
  /** Tries again, with back-off, for as long as this connection holds. */
  const askAbout = (connectionNumber: number, failures = 0) => {
    learnAbout().catch(() => {
      if (connectionNumber !== connections || connection.state.name !== 'open') return;
      const delayMs = fullJitter(failures + 1, environment.random(), timings.backoff);
      cancelAbout = environment.schedule(delayMs, () => askAbout(connectionNumber, failures + 1));
    });
  };

  const receive = (message: ServerMessage) => {
    if (message.kind === 'snapshot' && follows(message.snapshot.feature)) {
      if (snapshots.accept(message.snapshot)) events.emit('snapshot', message.snapshot);
    } else if (message.kind === 'status' && follows(message.status.feature)) {
      snapshots.acceptStatus(message.status);
      events.emit('status', message.status);
    } else if (message.kind === 'notification' && follows('notifications')) feed.receive(message.notification);
  };

  const connection = new Connection({
    origin,
    hub,
    token,
    environment,
    timings,
    onFrame(data) {
      const message = readFrame(data);
      if (message !== undefined) receive(message);
    },
    onState(state) {
      cancelAbout();
      if (state.name === 'open') {
        snapshots.connectionOpened();
        if (follows('notifications')) feed.resume().catch(onError);
        askAbout(++connections);
      }
      events.emit('state', state);
    },
  });

  return {
    get state() {
      return connection.state;
    },
    get snapshots() {
      return snapshots.latest;
    },
    get about() {
      return about;
    },
    connect: () => connection.connect(),
    close: () => connection.close(),
    on: (event, listener) => events.on(event, listener),
    forceUpdate: (feature) => forceUpdate({ origin, feature, token, environment }),
    history: (feature, options, signal) => request(historyPath(feature, options), signal),
    rest: request,
  };
}

/** Node has no `reportError`. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** @throws TypeError outside of a page */
function ownOrigin(): string {
  const origin: unknown = Reflect.get(Object(Reflect.get(globalThis, 'location')), 'origin');
  if (typeof origin === 'string') return origin;
  throw new TypeError('Outside of a page the client needs a baseUrl, such as http://localhost:8000');
}
