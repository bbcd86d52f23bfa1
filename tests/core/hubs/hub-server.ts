import { filter, firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { type Clock, schedulerClock, systemClock } from '../../../src/core/runtime/clock.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/test-server.ts';

export interface HubServer extends TestServer {
  /** Lets the time of the hubs pass: emission windows, signs of life, expiry of tokens. */
  advance(milliseconds: number): void;
  /** Waits until every feature has a snapshot, and refreshes each as somebody who asks for it would. */
  refreshed(): Promise<void>;
  /** The next refresh of a feature that fits. */
  published(feature: string, fits: (snapshot: Snapshot) => boolean): Promise<unknown>;
  stop(): Promise<void>;
}

export interface HubServerOptions
  extends Pick<
    TestServerOptions,
    'features' | 'sources' | 'intervalMs' | 'unchanged' | 'access' | 'store' | 'restored'
  > {
  /** The instant at which the hubs' time starts. */
  readonly now?: number;
  /** The time of the hubs; unless told otherwise it passes only by `advance`. */
  readonly clock?: Clock;
}

/**
 * The real server, but for the time of its hubs, which passes only when the test says so. What a test sees then depends
 * on no timer: a frame that comes without `advance` was sent at once.
 */
export function startHubServer(options: HubServerOptions): HubServer {
  const { now = Date.now(), clock, ...rest } = options;
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const hubClock = clock ?? { ...schedulerClock(scheduler), now: () => now + scheduler.frame };
  const server = startTestServer({
    ...rest,
    // Actors run on the machine's own time, but read the calendar of the hubs.
    clock: { ...systemClock, now: hubClock.now },
    ...{ hubClock, scheduler, random: () => 0 },
    timings: { backOffMs: 20, backOffMaxMs: 20, manualIntervalMs: 0, changeWaitFactor: 0 },
  });
  const { running } = server.supervisor;
  const advance = (milliseconds: number) => {
    scheduler.maxFrames = scheduler.frame + milliseconds;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  return {
    ...server,
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
      // Who does not read is given time, which passes only here.
      const patience = setInterval(() => advance(50), 25);
      await server.stop();
      clearInterval(patience);
    },
  };
}
