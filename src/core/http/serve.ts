import type { Server } from 'bun';
import type { Access } from '../access/access.ts';
import { originAllowed } from '../access/origins.ts';
import type { History } from '../history/history.ts';
import type { HubSocket } from '../hubs/hub-socket.ts';
import type { Hubs } from '../hubs/hubs.ts';
import type { Mirror } from '../mirror/mirror.ts';
import type { Journal } from '../notifications/journal.ts';
import type { Outlets } from '../outlets/outlets.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Feeds, RunningFeature } from '../runtime/supervisor.ts';
import { aboutRoute, type ServerDescription } from './about-route.ts';
import { createApp } from './app.ts';
import type { Assets } from './assets.ts';
import { featureRoutes } from './feature-routes.ts';
import { historyRoute } from './history-route.ts';
import { notificationRoutes } from './notification-routes.ts';
import { openApiDocument } from './openapi.ts';
import { outletJobRoute, rowsJobRoute, syncOutletRoute, syncRowsRoute } from './outlet-routes.ts';
import { createQuestionDesk, DEFAULT_DESK } from './question-desk.ts';
import type { Route } from './route.ts';
import { statusRoutes } from './status-routes.ts';

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly running: readonly RunningFeature[];
  readonly feeds: Feeds;
  readonly mirror: Pick<Mirror, 'answer' | 'size'>;
  readonly hubs: Hubs;
  readonly journal: Journal;
  readonly outlets: Pick<Outlets, 'all' | 'find' | 'statuses'>;
  readonly history: Pick<History, 'read' | 'size'>;
  readonly access: Access;
  readonly origins: readonly string[];
  readonly assets: Assets;
  readonly clock: Clock;
  readonly about: ServerDescription;
  /** The routes of outlets. */
  readonly outletRoutes?: readonly Route[];
  readonly onError: (error: unknown) => void;
}

/** Limit of unsent bytes per client: more than the largest snapshot and some answers. */
const BACKPRESSURE_LIMIT_BYTES = 16 * 1024 * 1024;
/** A larger frame closes the connection with 1009. Frames over 64 KiB are answered with an Error frame. */
const LARGEST_PAYLOAD_BYTES = 1024 * 1024;
/** Routes have lower limits and answer with a problem document. This one is for requests that reach no route. */
const LARGEST_BODY_BYTES = 128 * 1024 * 1024;
/** Longer than the deadline of questions, so that no answer is cut off. */
const IDLE_TIMEOUT_SECONDS = 30;

/**
 * Serves REST, the documentation and the hubs on one port.
 *
 * @throws Error with code `EADDRINUSE` if the port is taken
 */
export function serve(options: ServerOptions): Server<HubSocket> {
  const { host, port, hubs, access, origins, assets, onError } = options;
  const routes = routesOf(options);

  const admit = (request: Request) => {
    if (!originAllowed(request, origins)) {
      throw new Problem('not-allowed', 'Pages of this origin may not connect; see CORS_ORIGINS');
    }
    return access.identify(request, true);
  };

  const app = createApp({
    routes,
    access,
    origins,
    openApi: describe(routes, options),
    assets,
    about: options.about,
    onError,
    hubs: {
      names: hubs.names,
      async connect(hub, request) {
        const identity = await admit(request);
        if (request.method === 'HEAD') return hubs.connect(hub, withoutConnection(request), identity);
        // Streams of events and long polls may be idle for longer than other responses.
        if (request.method === 'GET') server.timeout(request, 0);
        return hubs.connect(hub, request, identity);
      },
      async negotiate(hub, request) {
        return hubs.negotiate(hub, request, await admit(request));
      },
    },
  });

  const server = Bun.serve<HubSocket>({
    hostname: host,
    port,
    // A second server on the port would silently take a share of the clients.
    reusePort: false,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    maxRequestBodySize: LARGEST_BODY_BYTES,
    fetch: (request) => app.fetch(request),
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: false,
      maxPayloadLength: LARGEST_PAYLOAD_BYTES,
      backpressureLimit: BACKPRESSURE_LIMIT_BYTES,
      open: (socket) => socket.data.open(socket),
      message: (socket, frame) => socket.data.message(frame),
      pong: (socket) => socket.data.heard(),
      ping: (socket) => socket.data.heard(),
      drain: (socket) => socket.data.drain(),
      close: (socket) => socket.data.close(),
    },
  });
  hubs.attach(server);
  return server;
}

/** The request without its connection id and upgrade: HEAD must not open, read or close a connection. */
function withoutConnection({ url, headers }: Request): Request {
  const kept = new Headers(headers);
  kept.delete('upgrade');
  return new Request(url.split('?', 1)[0] ?? url, { headers: kept });
}

/** Every route in the OpenAPI document. */
export function routesOf({
  running,
  feeds,
  mirror,
  hubs,
  journal,
  outlets,
  history,
  about,
  clock,
  outletRoutes = [],
}: Omit<ServerOptions, 'host' | 'port' | 'access' | 'origins' | 'assets' | 'onError'>): Route[] {
  const desk = createQuestionDesk<string>(DEFAULT_DESK);
  // Its own, since another Worker answers. A page asks seven questions when it opens, and each takes milliseconds.
  const historyDesk = createQuestionDesk<string>({ ...DEFAULT_DESK, queue: 512 });
  return [
    ...outletRoutes,
    ...running.flatMap((each) => [
      ...featureRoutes(each, { mirror, desk, clock }),
      syncRowsRoute(each.feature, outlets),
    ]),
    rowsJobRoute(outlets),
    syncOutletRoute(outlets),
    outletJobRoute(outlets),
    ...running.map(({ feature }) => {
      const source = feeds[feature.source].description;
      return historyRoute({ feature, source, history, desk: historyDesk, timeZone: about.timeZone, clock });
    }),
    ...notificationRoutes(journal),
    aboutRoute({
      server: about,
      features: running.map(({ feature }) => feature),
      hubs: hubs.names,
      emitIntervalMs: (hub) => hubs.emitIntervalMs(hub),
    }),
    ...statusRoutes({ running, hubs, feeds, mirror, outlets, history, clock }),
  ];
}

function describe(routes: readonly Route[], { running, about, access }: ServerOptions) {
  return openApiDocument(routes, {
    ...about,
    closed: access.on,
    tags: [
      ...running.map(({ feature: { name, title, description } }) => ({ name, title: title.en, description })),
      { name: 'notifications', title: 'Notifications', description: 'Events that people are notified of immediately' },
      { name: 'status', title: 'Status', description: 'Health, readiness and status of the server' },
    ],
  });
}
