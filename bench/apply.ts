import { filter, firstValueFrom } from 'rxjs';
import { features } from '../src/features/index.ts';
import { mirroredIn } from '../src/open-feeds.ts';
import { startWritableCompany, writePayment } from './support/demo-stack.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { percentile } from './support/statistics.ts';

/**
 * Measures how many changed rows per second the mirror applies, with the rollups of all features, and the time from a
 * change in an embedded source to its snapshot.
 */
const BATCHES = 20;
const ROWS_A_BATCH = 2_000;
const CHANGES = 300;

printHeading(
  `Apply: ${BATCHES} commits of ${ROWS_A_BATCH} changed payments; ${CHANGES} single changes to their snapshot`,
);

const company = await startWritableCompany();
const { database, mirror, server } = company;
const financial = server.supervisor.running.find(({ feature }) => feature.name === 'financial')?.actor;
if (financial === undefined) throw new Error('There is no financial feature');

const latencies: number[] = [];
for (let change = 0; change < CHANGES; change++) {
  await Bun.sleep(Math.random() * 200);
  const before = financial.latest()?.seq ?? 0;
  const seen = firstValueFrom(financial.publications.pipe(filter(({ snapshot }) => snapshot.seq > before)));
  const changedAt = performance.now();
  await writePayment(company, `bench${change}`);
  await seen;
  latencies.push(performance.now() - changedAt);
}

const tables = mirroredIn('sql', features);
const columns = tables.find(({ table }) => table.name === 'Payments')?.columns ?? [];
const writer = mirror.writer('sql', tables);
const state = await writer.state();
if (state === null) throw new Error('The mirror was not loaded');
const rows = database
  .query<unknown, []>(`select ${columns.map((column) => `"${column}"`).join(', ')} from Payments limit ${ROWS_A_BATCH}`)
  .values();
const amountAt = columns.indexOf('Amount');
// The writes of the feed would mix with those of the benchmark.
await server.supervisor.stop();
const startedAt = performance.now();
for (let batch = 1; batch <= BATCHES; batch++) {
  await writer.begin('changes', state.catalog);
  await writer.rows(
    'Payments',
    rows.map((row) => row.map((cell, index) => (index === amountAt ? batch : String(cell)))),
  );
  await writer.commit(`bench ${batch}`);
}
const rowsASecond = (BATCHES * ROWS_A_BATCH * 1000) / (performance.now() - startedAt);
const at = (share: number) => percentile(latencies, share);
printTable(['', 'p50', 'p95', 'p99', 'slowest'], [['change to snapshot, ms', at(0.5), at(0.95), at(0.99), at(1)]]);
printTable(['changed payments', 'rows a second', 'µs a row'], [['applied', rowsASecond, 1_000_000 / rowsASecond]]);
printTargets([
  { words: 'changed rows applied', measured: rowsASecond, unit: ' a second', atLeast: 10_000 },
  { words: 'change to snapshot, p99', measured: at(0.99), unit: ' ms', atMost: 50 },
]);
process.exit(0);
