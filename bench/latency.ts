import { createAccess } from '../src/core/access/access.ts';
import { serve } from '../src/core/http/serve.ts';
import { createHubs } from '../src/core/hubs/hubs.ts';
import { createNotifications } from '../src/core/notifications/create-notifications.ts';
import { DEFAULT_TIMINGS } from '../src/core/runtime/actor-state.ts';
import { systemClock } from '../src/core/runtime/clock.ts';
import { supervise } from '../src/core/runtime/supervisor.ts';
import { createVolatileStore } from '../src/core/store/store.ts';
import { openDemoSources } from '../src/demo/open.ts';
import { features } from '../src/features/index.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { percentile } from './support/statistics.ts';

/** From a change in the embedded source to its frame at a client, with all seven features at work. */
const CHANGES = 300;
const INTERVAL_MS = 250;
const AT_MOST_MS = 500;

printHeading(`Latency: ${CHANGES} changes in the embedded source to the client's frame, interval ${INTERVAL_MS} ms`);

const onError = (error: unknown) => console.error(error);
const { sources } = await openDemoSources({
  directory: null,
  keptIn: null,
  seed: 1,
  scale: 1,
  rate: 0,
  clock: systemClock,
  onProgress: () => {},
  onError,
});
const clock = systemClock;
const store = createVolatileStore(0);
const supervisor = supervise({
  features,
  sources,
  timings: DEFAULT_TIMINGS,
  clock,
  random: Math.random,
  sequences: store,
  onError,
});
const { running } = supervisor;
const journal = createNotifications({ running, sources, store: store.notifications, clock, onError });
const hubs = createHubs({
  running,
  journal,
  emission: () => ({ intervalMs: INTERVAL_MS, unchanged: false }),
  clock,
  onError,
});
const server = serve({
  host: '127.0.0.1',
  port: 0,
  running,
  sources,
  hubs,
  journal,
  access: createAccess({ secret: null, roles: [], issuer: null, audience: null }),
  origins: [],
  clock,
  about: { title: 'bench', version: '0', description: 'bench' },
  onError,
});
supervisor.start();

let payments = 0;
let arrived = () => {};
const socket = new WebSocket(`ws://127.0.0.1:${server.port}/hubs/financial?protocol=json`);
socket.addEventListener('message', ({ data }) => {
  const total = Number(/"TotalPayments":(\d+)/.exec(String(data))?.[1] ?? 0);
  if (total <= payments) return;
  payments = total;
  arrived();
});
const nextFrame = () =>
  new Promise<void>((resolve) => {
    arrived = resolve;
  });
await nextFrame();
// The indexes of the demo's tables are made in the first seconds.
await Bun.sleep(4_000);

const latencies: number[] = [];
for (let change = 0; change < CHANGES; change++) {
  await Bun.sleep(Math.random() * 500);
  const seen = nextFrame();
  const changedAt = performance.now();
  await sources.sql.write([
    {
      table: 'Payments',
      sql: `insert into Payments (Id, ExternalId, UserId, Status, PayerEmail, Method, Installments, Amount, SubscriptionId, CreatedAt)
            values (?1, ?1, 'bench', 'approved', 'bench@example.com', 'pix', 1, 1.5, '', ?2)`,
      parameters: [crypto.randomUUID(), new Date().toISOString()],
    },
  ]);
  await seen;
  latencies.push(performance.now() - changedAt);
}

const at = (share: number) => percentile(latencies, share);
printTable(['ms', 'p50', 'p95', 'p99', 'slowest'], [['change to frame', at(0.5), at(0.95), at(0.99), at(1)]]);
printTargets([{ words: 'change to frame, p99', measured: at(0.99), unit: ' ms', atMost: AT_MOST_MS }]);
process.exit(0);
