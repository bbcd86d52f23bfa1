import { startWritableCompany, writePayment } from './support/demo-stack.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { percentile } from './support/statistics.ts';

/** Measures the time from a change in the embedded source to a client's frame, with all seven features running. */
const CHANGES = 300;
const INTERVAL_MS = 250;
const AT_MOST_MS = 500;

printHeading(`Latency: ${CHANGES} changes in the embedded source to the client's frame, interval ${INTERVAL_MS} ms`);

const company = await startWritableCompany(INTERVAL_MS);
const { server } = company;

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

const latencies: number[] = [];
for (let change = 0; change < CHANGES; change++) {
  await Bun.sleep(Math.random() * 500);
  const seen = nextFrame();
  const changedAt = performance.now();
  await writePayment(company, crypto.randomUUID());
  await seen;
  latencies.push(performance.now() - changedAt);
}

const at = (share: number) => percentile(latencies, share);
printTable(['ms', 'p50', 'p95', 'p99', 'slowest'], [['change to frame', at(0.5), at(0.95), at(0.99), at(1)]]);
printTargets([{ words: 'change to frame, p99', measured: at(0.99), unit: ' ms', atMost: AT_MOST_MS }]);
process.exit(0);
