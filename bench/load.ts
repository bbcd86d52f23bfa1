import { Type } from '@sinclair/typebox';
import { connectHub } from '../tests/support/hub-client.ts';
import { bodyOf } from '../tests/support/response-body.ts';
import { startChild } from './support/child.ts';
import { cpuSecondsOf, peakBytesOf, residentBytesOf, untilIdle } from './support/process-usage.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { startServer } from './support/server.ts';
import { percentile } from './support/statistics.ts';

/**
 * Measures the first load of a large SQL Server over the wire, and the time from a change there to a client's frame. Server
 * and database run in separate processes.
 */
const PAYMENTS = Number(process.env.BENCH_PAYMENTS ?? 1_000_000);
const CHANGES = Number(process.env.BENCH_CHANGES ?? 100);
/** Changes are spread over the time between two polls, ms. */
const POLL_MS = 1_050;
const MEGABYTE = 1024 ** 2;
const CERTIFICATE = new URL('../tests/support/tds/test-certificate.pem', import.meta.url).pathname;

const Feeds = Type.Object({
  feeds: Type.Array(Type.Object({ source: Type.String(), mirror: Type.Object({ bytes: Type.Integer() }) })),
});

printHeading(`Load: ${PAYMENTS} payments over TDS, then ${CHANGES} changes over Change Tracking to the client's frame`);

const database = startChild('sql-server.ts', [String(PAYMENTS)]);
const port = await database.ask('port', null, Type.Integer());
const databaseCpuBefore = await cpuSecondsOf(database.pid);
const server = await startServer({
  ...{ DB_SERVER: 'localhost', DB_PORT: String(port), DB_NAME: 'Greg', DB_USER: 'greg_bi', DB_PASSWORD: 'bench' },
  ...{ DB_CA_FILE: CERTIFICATE, EMIT_INTERVAL_MS: '250' },
});
const loadedSeconds = server.readyAfterMs / 1000;
const cpu = { server: await cpuSecondsOf(server.pid), database: await cpuSecondsOf(database.pid) };
const peak = await peakBytesOf(server.pid);
await untilIdle(server.pid);
const resident = await residentBytesOf(server.pid);
const { mirror } = await sqlFeed();

const financial = await connectHub(server.url, 'financial');
await financial.nextOf('Snapshot');
const rowsBefore = await database.ask('rowsSent', null, Type.Integer());
const latencies: number[] = [];
for (let change = 0; change < CHANGES; change++) {
  await Bun.sleep(Math.random() * POLL_MS);
  const seen = financial.nextOf('Snapshot', { reason: 'Auto' });
  const changedAt = performance.now();
  await database.ask('pay', null, Type.Null());
  await seen;
  latencies.push(performance.now() - changedAt);
}
const rowsRead = (await database.ask('rowsSent', null, Type.Integer())) - rowsBefore;

await financial.close();
await server.stop();
await database.end();

const bytesAPayment = mirror.bytes / PAYMENTS;
printTable(
  ['first load', 'seconds', 'rows a second', 'CPU s, server', 'CPU s, database'],
  [[`${PAYMENTS} payments`, loadedSeconds, PAYMENTS / loadedSeconds, cpu.server, cpu.database - databaseCpuBefore]],
);
printTable(
  ['memory', 'MB of the mirror', 'bytes a payment', 'MB resident', 'MB at the peak'],
  [['server', mirror.bytes / MEGABYTE, bytesAPayment, resident / MEGABYTE, peak / MEGABYTE]],
);
const at = (share: number) => percentile(latencies, share);
printTable(['ms', 'p50', 'p95', 'p99', 'slowest'], [['change to frame', at(0.5), at(0.95), at(0.99), at(1)]]);
printTargets([
  { words: `first load of ${PAYMENTS} payments`, measured: loadedSeconds, unit: ' s', atMost: 30 },
  { words: 'the mirror, a payment', measured: bytesAPayment, unit: ' bytes', atMost: 600 },
  { words: 'change to frame, p99', measured: at(0.99), unit: ' ms', atMost: 1_400 },
  { words: 'rows read a changed row', measured: rowsRead / CHANGES, unit: '', atMost: 1 },
]);
process.exit(0);

async function sqlFeed() {
  const { feeds } = await bodyOf(await fetch(`${server.url}/ws/status`), Feeds);
  const found = feeds.find(({ source }) => source === 'sql');
  if (found === undefined) throw new Error('There is no SQL feed');
  return found;
}
