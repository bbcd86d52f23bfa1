import { systemClock } from '../../../src/core/runtime/clock.ts';
import { startHubServer } from './hub-server.ts';
import { figureFeatures } from './signalr/figure-features.ts';

/** How many times faster than the machine's the hubs' time passes, so that a pause of two seconds is a long one. */
const SPEED = 40;

/** A server in a process of its own, which a test may pause. Prints its address once it has its snapshots. */
const server = startHubServer({
  ...figureFeatures('claims'),
  access: { secret: process.env.SECRET ?? null },
  clock: {
    now: systemClock.now,
    elapsed: () => systemClock.elapsed() * SPEED,
    schedule: (delayMs, run) => systemClock.schedule(delayMs / SPEED, run),
  },
});
await server.refreshed();
console.log(server.url);
