import { filter, firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { type AccessOptions, createAccess } from '../../../src/core/access/access.ts';
import { serve } from '../../../src/core/http/serve.ts';
import { createHubs, type Hubs } from '../../../src/core/hubs/hubs.ts';
import { createNotifications } from '../../../src/core/notifications/create-notifications.ts';
import type { Journal } from '../../../src/core/notifications/journal.ts';
import { DEFAULT_TIMINGS } from '../../../src/core/runtime/actor-state.ts';
import { type Clock, schedulerClock, systemClock } from '../../../src/core/runtime/clock.ts';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { type Supervisor, supervise } from '../../../src/core/runtime/supervisor.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { createVolatileStore } from '../../../src/core/store/volatile-store.ts';
import { assets } from '../../support/assets.ts';
import type { TestSources } from '../../support/local-sources.ts';
import { DESCRIPTION } from '../../support/test-server.ts';

export interface HubServer {
  readonly url: string;
  readonly hubs: Hubs;
  readonly journal: Journal;
  readonly supervisor: Supervisor;
  /** Errors that nobody foresaw, in the order they came. */
  readonly errors: unknown[];
  /** Lets the time of the hubs pass: emission windows, signs of life, expiry of tokens. */
  advance(milliseconds: number): void;
  /** Waits until every feature has a snapshot, and refreshes each as somebody who asks for it would. */
  refreshed(): Promise<void>;
  /** The next refresh of a feature that fits. */
  published(feature: string, fits: (snapshot: Snapshot) => boolean): Promise<unknown>;
  stop(): Promise<void>;
}

export interface HubServerOptions {
  readonly features: readonly Feature[];
  readonly sources: TestSources;
  readonly intervalMs?: number;
  readonly unchanged?: boolean;
  readonly access?: Partial<AccessOptions>;
  /** The instant at which the hubs' time starts. */
  readonly now?: number;
  /** The time of the hubs; unless told otherwise it passes only by `advance`. */
  readonly clock?: Clock;
  /** What outlives this server; nothing unless told otherwise. */
  readonly store?: Store;
}

/**
 * The real server, but for the time of its hubs, which passes only when the test says so. What a test sees then depends
 * on no timer: a frame that comes without `advance` was sent at once.
 */
export function startHubServer(options: HubServerOptions): HubServer {
  const { features, sources, intervalMs = 250, unchanged = false, access, now = Date.now() } = options;
  const { store = createVolatileStore(0) } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const hubTime = options.clock ?? { ...schedulerClock(scheduler), now: () => now + scheduler.frame };
  const supervisor = supervise({
    features,
    ...sources,
    // Actors run on the machine's own time, but read the calendar of the hubs.
    clock: { ...systemClock, now: hubTime.now },
    timings: { ...DEFAULT_TIMINGS, backOffMs: 20, backOffMaxMs: 20, manualIntervalMs: 0, changeWaitFactor: 0 },
    random: () => 0,
    sequences: store,
    onError,
  });
  const { running } = supervisor;
  const journal = createNotifications({
    running,
    feeds: sources.feeds,
    store: store.notifications,
    clock: hubTime,
    onError,
  });
  const hubs = createHubs({
    running,
    journal,
    emission: () => ({ intervalMs, unchanged, scheduler }),
    clock: hubTime,
    onError,
  });
  const server = serve({
    host: '127.0.0.1',
    port: 0,
    running,
    ...sources,
    hubs,
    journal,
    access: createAccess({ secret: null, roles: ['Admin'], issuer: null, audience: null, ...access }),
    origins: ['http://localhost:5173'],
    assets,
    clock: hubTime,
    about: DESCRIPTION,
    onError,
  });
  supervisor.start();
  const advance = (milliseconds: number) => {
    scheduler.maxFrames = scheduler.frame + milliseconds;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  return {
    url: `http://127.0.0.1:${server.port}`,
    hubs,
    journal,
    supervisor,
    errors,
    advance,
    async refreshed() {
      for (const { actor } of running) {
        if (actor.latest() === undefined) await firstValueFrom(actor.publications);
        const outcome = await actor.refresh();
        if (outcome.status === 'error') throw new Error(`${actor.name} cannot be refreshed: ${outcome.message}`);
      }
    },
    published(feature, fits) {
      const found = running.find(({ actor }) => actor.name === feature);
      if (found === undefined) throw new Error(`No feature ${feature} runs`);
      return firstValueFrom(found.actor.publications.pipe(filter(({ snapshot }) => fits(snapshot))));
    },
    async stop() {
      await supervisor.stop();
      const closed = hubs.close();
      const patience = setInterval(() => advance(50), 100);
      await closed;
      clearInterval(patience);
      await server.stop();
    },
  };
}
