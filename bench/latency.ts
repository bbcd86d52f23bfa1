import { systemClock } from '../src/core/runtime/clock.ts';
import { openDemoSources } from '../src/demo/open.ts';
import { features } from '../src/features/index.ts';
import { startTestServer } from '../tests/support/test-server.ts';
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
const server = startTestServer({ features, sources, intervalMs: INTERVAL_MS, onError });

let payments = 0;
let arrived = () => {};
const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/hubs/financial?protocol=json`);
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
