import { type AccessOptions, createAccess } from '../../src/core/access/access.ts';
import { serve } from '../../src/core/http/serve.ts';
import { createHubs, type Hubs } from '../../src/core/hubs/hubs.ts';
import { type ActorTimings, DEFAULT_TIMINGS } from '../../src/core/runtime/actor-state.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import { type Supervisor, supervise } from '../../src/core/runtime/supervisor.ts';
import type { Sources } from '../../src/core/sources/sources.ts';
import { createVolatileStore } from '../../src/core/store/store.ts';

export interface TestServer {
  readonly url: string;
  readonly supervisor: Supervisor;
  readonly hubs: Hubs;
  /** Errors that nobody foresaw, in the order they came. */
  readonly errors: unknown[];
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly features: readonly Feature[];
  readonly sources: Sources;
  readonly intervalMs?: number;
  readonly timings?: Partial<ActorTimings>;
  readonly access?: Partial<AccessOptions>;
  readonly origins?: readonly string[];
}

/** The real server on a free port of this machine, in the test's own process, put together as `main.ts` does. */
export function startTestServer(options: TestServerOptions): TestServer {
  const { features, sources, intervalMs = 250, timings, access, origins = ['http://localhost:5173'] } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const supervisor = supervise({
    features,
    sources,
    timings: { ...DEFAULT_TIMINGS, ...timings },
    clock: systemClock,
    random: Math.random,
    sequences: createVolatileStore(0),
    onError,
  });
  const { running } = supervisor;
  const hubs = createHubs({
    running,
    emission: () => ({ intervalMs, unchanged: false }),
    clock: systemClock,
    onError,
  });
  const server = serve({
    host: '127.0.0.1',
    port: 0,
    running,
    sources,
    hubs,
    access: createAccess({ secret: null, roles: ['Admin'], issuer: null, audience: null, ...access }),
    origins,
    clock: systemClock,
    about: { title: 'Greg BI', version: '0.0.0', description: 'A server under test' },
    onError,
  });
  supervisor.start();
  return {
    url: `http://127.0.0.1:${server.port}`,
    supervisor,
    hubs,
    errors,
    async stop() {
      await supervisor.stop();
      await hubs.close();
      await server.stop();
    },
  };
}
