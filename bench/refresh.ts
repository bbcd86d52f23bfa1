import { type Static, Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { untilIdle } from './support/process-usage.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { median } from './support/statistics.ts';

/** Measures one refresh of each feature, and the stalls of the event loop while all of them refresh. */
const SCALES = (process.env.BENCH_SCALES ?? '1,10,50').split(',').map(Number);
const REFRESHES = 9;
const TIMES_ALL = 20;
/** All seven features at once, ms, by the size of the company. */
const AT_MOST_MS: Readonly<Record<number, number>> = { 1: 15, 10: 25, 50: 60 };
const STALL_AT_MOST_MS = 20;

const Names = Type.Array(Type.String());
const Cost = Type.Object({ ms: Type.Number(), cpuMs: Type.Number() });
type Cost = Static<typeof Cost>;
const Holdup = Type.Object({ stallMs: Type.Number(), workMs: Type.Number(), ms: Type.Number() });
const Size = Type.Object({ payments: Type.Integer(), bytes: Type.Integer() });

/** Results for one size of the company. */
interface Findings {
  readonly scale: number;
  readonly features: Static<typeof Names>;
  /** Medians by feature. */
  readonly costs: readonly Cost[];
  readonly sum: Cost;
  readonly holdups: readonly Static<typeof Holdup>[];
  readonly size: Static<typeof Size>;
}

printHeading(`Refresh: medians of ${REFRESHES} refreshes a feature, then ${TIMES_ALL} times all features at once`);
const found: Findings[] = [];
for (const scale of SCALES) found.push(await measure(scale));

printTable(
  ['', ...found.flatMap(({ scale }) => [`${scale} x ms`, 'CPU ms'])],
  [
    ...(found[0]?.features ?? []).map((name, index) => [name, ...found.flatMap(({ costs }) => cells(costs[index]))]),
    ['sum', ...found.flatMap(({ sum }) => cells(sum))],
  ],
);
printTable(
  ['event loop while all refresh, ms', ...found.map(({ scale }) => `${scale} x`)],
  [
    ['stands still at most, median', ...found.map(({ holdups }) => median(holdups.map(({ stallMs }) => stallMs)))],
    ['stands still at most, worst', ...found.map(worstStall)],
    ['works in one turn, worst', ...found.map(({ holdups }) => Math.max(...holdups.map(({ workMs }) => workMs)))],
    ['all features at once, median', ...found.map(allAtOnce)],
    ['payments', ...found.map(({ size }) => size.payments)],
    ['bytes of the mirror a payment', ...found.map(({ size }) => size.bytes / size.payments)],
  ],
);
printTargets([
  ...found.map((findings) => ({
    words: `all seven features at ${findings.scale} x`,
    measured: allAtOnce(findings),
    unit: ' ms',
    atMost: AT_MOST_MS[findings.scale] ?? Number.POSITIVE_INFINITY,
  })),
  ...found.map((findings) => ({
    words: `event loop stands still at ${findings.scale} x, worst`,
    measured: worstStall(findings),
    unit: ' ms',
    atMost: STALL_AT_MOST_MS,
  })),
]);

async function measure(scale: number): Promise<Findings> {
  const server = startChild('demo-server.ts', [String(scale)]);
  const features = await server.ask('features', null, Names);
  await untilIdle(server.pid);
  const costs: Cost[] = [];
  for (const name of features) {
    const each: Cost[] = [];
    for (let refresh = 0; refresh < REFRESHES; refresh++) each.push(await server.ask('refresh', name, Cost));
    costs.push({ ms: median(each.map(({ ms }) => ms)), cpuMs: median(each.map(({ cpuMs }) => cpuMs)) });
  }
  const holdups: Static<typeof Holdup>[] = [];
  for (let time = 0; time < TIMES_ALL; time++) holdups.push(await server.ask('refreshAll', null, Holdup));
  const size = await server.ask('size', null, Size);
  await server.end();
  const sum = costs.reduce((total, { ms, cpuMs }) => ({ ms: total.ms + ms, cpuMs: total.cpuMs + cpuMs }));
  return { scale, features, costs, sum, holdups, size };
}

function allAtOnce({ holdups }: Findings): number {
  return median(holdups.map(({ ms }) => ms));
}

function worstStall({ holdups }: Findings): number {
  return Math.max(...holdups.map(({ stallMs }) => stallMs));
}

function cells(cost: Cost | undefined): number[] {
  return cost === undefined ? [] : [cost.ms, cost.cpuMs];
}
