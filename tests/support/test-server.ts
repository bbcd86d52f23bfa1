import type { SchedulerLike } from 'rxjs';
import { type AccessOptions, createAccess } from '../../src/core/access/access.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import type { History } from '../../src/core/history/history.ts';
import { recordHistory } from '../../src/core/history/record-history.ts';
import type { Assets } from '../../src/core/http/assets.ts';
import { serve } from '../../src/core/http/serve.ts';
import { createHubs, type Hubs } from '../../src/core/hubs/hubs.ts';
import { createNotifications } from '../../src/core/notifications/create-notifications.ts';
import type { Journal } from '../../src/core/notifications/journal.ts';
import type { Outlet } from '../../src/core/outlets/outlet.ts';
import { type Outlets, runOutlets } from '../../src/core/outlets/outlets.ts';
import { type ActorTimings, DEFAULT_TIMINGS } from '../../src/core/runtime/actor-state.ts';
import { type Clock, systemClock } from '../../src/core/runtime/clock.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Snapshot } from '../../src/core/runtime/snapshot.ts';
import { type Supervisor, supervise } from '../../src/core/runtime/supervisor.ts';
import type { Store } from '../../src/core/store/store.ts';
import { createVolatileStore } from '../../src/core/store/volatile-store.ts';
import { createEncoder } from '../../src/features/exports/encoder.ts';
import { createExporter } from '../../src/features/exports/export-file.ts';
import { exportRoutes } from '../../src/features/exports/routes.ts';
import { assets } from './assets.ts';
import type { TestSources } from './local-sources.ts';
import { memoryHistory } from './memory-history.ts';

export const DESCRIPTION = {
  title: 'Greg BI',
  version: '0.0.0',
  description: 'A server under test',
  timeZone: 'America/Sao_Paulo',
} as const;

const EXPORTS = { dialect: 'rfc4180', timeZone: DESCRIPTION.timeZone } as const;

export interface TestServer {
  readonly url: string;
  readonly supervisor: Supervisor;
  readonly hubs: Hubs;
  readonly journal: Journal;
  readonly outlets: Outlets;
  readonly history: History;
  /** Unexpected errors, oldest first. */
  readonly errors: unknown[];
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly features: readonly Feature[];
  readonly sources: TestSources;
  readonly intervalMs?: number;
  /** Whether hubs emit what has not changed too. */
  readonly unchanged?: boolean;
  readonly timings?: Partial<ActorTimings>;
  readonly access?: Partial<AccessOptions>;
  readonly origins?: readonly string[];
  /** The files for browsers; those of the sources as they are unless told otherwise. */
  readonly assets?: Assets;
  readonly version?: string;
  /** The machine's own unless told otherwise. */
  readonly clock?: Clock;
  /** The time of hubs and HTTP, if it is not that of the actors. */
  readonly hubClock?: Clock;
  /** Of emissions; the machine's own unless told otherwise. */
  readonly scheduler?: SchedulerLike;
  readonly random?: () => number;
  /** What outlives this server; nothing unless told otherwise. */
  readonly store?: Store;
  /** None unless given. */
  readonly outlets?: readonly Outlet[];
  /** The snapshots before a restart. */
  readonly restored?: ReadonlyMap<string, Snapshot>;
  /** Records what the server computes; by default an empty one in memory that records nothing. */
  readonly history?: History;
  /** Called with each unexpected error, which is in `errors` too. */
  readonly onError?: (error: unknown) => void;
}

/** The real server on a free port of this machine, in the test's own process, put together as `main.ts` does. */
export function startTestServer(options: TestServerOptions): TestServer {
  const { features, sources, intervalMs = 250, timings, access, origins = ['http://localhost:5173'] } = options;
  const { unchanged = false, scheduler, random = Math.random } = options;
  const { restored, store = createVolatileStore(0), clock = systemClock, hubClock = clock } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown) => {
    errors.push(error);
    options.onError?.(error);
  };
  const supervisor = supervise({
    features,
    ...sources,
    timings: { ...DEFAULT_TIMINGS, ...timings },
    clock,
    random,
    sequences: store,
    ...(restored === undefined ? {} : { restored }),
    onError,
  });
  const { running } = supervisor;
  const journal = createNotifications({
    running,
    feeds: sources.feeds,
    store: store.notifications,
    clock: hubClock,
    onError,
  });
  const hubs = createHubs({
    running,
    journal,
    emission: () => ({ intervalMs, unchanged, ...(scheduler === undefined ? {} : { scheduler }) }),
    clock: hubClock,
    onError,
  });
  const outlets = runOutlets({
    outlets: options.outlets ?? [],
    ...{
      running,
      journal,
      store: store.outlets,
      calendar: createCalendar(DESCRIPTION.timeZone),
      clock,
      random,
      onError,
    },
  });
  const encoder = createEncoder({ clock: systemClock, onLost: onError });
  const history = options.history ?? memoryHistory();
  const stopRecording =
    options.history === undefined
      ? () => {}
      : recordHistory({ running, feeds: sources.feeds, history, clock: hubClock, onError });
  const server = serve({
    host: '127.0.0.1',
    port: 0,
    running,
    ...sources,
    hubs,
    journal,
    outlets,
    history,
    access: createAccess({ secret: null, roles: ['Admin'], issuer: null, audience: null, ...access }),
    origins,
    assets: options.assets ?? assets,
    clock: hubClock,
    outletRoutes: exportRoutes(running, createExporter(EXPORTS, encoder)),
    about: { ...DESCRIPTION, version: options.version ?? DESCRIPTION.version },
    onError,
  });
  supervisor.start();
  outlets.start();
  return {
    url: `http://127.0.0.1:${server.port}`,
    supervisor,
    hubs,
    journal,
    outlets,
    history,
    errors,
    async stop() {
      stopRecording();
      await Promise.all([supervisor.stop(), outlets.stop()]);
      await hubs.close();
      await server.stop();
      await encoder.close();
    },
  };
}
