import { type Static, Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { untilIdle } from './support/process-usage.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { median } from './support/statistics.ts';

/** What one refresh of each feature takes, and how long the event loop stands still while all of them are refreshed. */
const SCALES = [1, 10];
const REFRESHES = 9;
const STALLS = 20;
const SUM_AT_MOST_MS = 150;
const STALL_AT_MOST_MS = 50;

const Names = Type.Array(Type.String());
const Cost = Type.Object({ ms: Type.Number(), cpuMs: Type.Number() });
type Cost = Static<typeof Cost>;

/** What was found at one size of the company. */
interface Findings {
  readonly scale: number;
  readonly features: Static<typeof Names>;
  /** Medians by feature. */
  readonly costs: readonly Cost[];
  readonly sum: Cost;
  readonly stalls: readonly Cost[];
}

printHeading(`Refresh: medians of ${REFRESHES} refreshes a feature, then ${STALLS} times all features at once`);
const found: Findings[] = [];
for (const scale of SCALES) found.push(await measure(scale));

printTable(
  ['', ...found.flatMap(({ scale }) => [`${scale} x ms`, 'CPU ms'])],
  [
    ...(found[0]?.features ?? []).map((name, index) => [name, ...found.flatMap(({ costs }) => cells(costs[index]))]),
    ['sum', ...found.flatMap(({ sum }) => cells(sum))],
    ['longest stall, median', ...found.flatMap(({ stalls }) => cells(stalls[STALLS / 2]))],
    ['longest stall, worst', ...found.flatMap(({ stalls }) => cells(stalls.at(-1)))],
  ],
);
printTargets([
  { words: 'sum at 1 x', measured: found[0]?.sum.ms ?? 0, unit: ' ms', atMost: SUM_AT_MOST_MS },
  ...found.map(({ scale, stalls }) => ({
    words: `longest stall of the event loop at ${scale} x`,
    measured: stalls.at(-1)?.ms ?? 0,
    unit: ' ms',
    atMost: STALL_AT_MOST_MS,
  })),
]);

async function measure(scale: number): Promise<Findings> {
  const server = startChild('demo-server.ts', [String(scale), '0']);
  const features = await server.ask('features', null, Names);
  await untilIdle(server.pid);
  const costs: Cost[] = [];
  for (const name of features) {
    const each: Cost[] = [];
    for (let refresh = 0; refresh < REFRESHES; refresh++) each.push(await server.ask('refresh', name, Cost));
    costs.push({ ms: median(each.map(({ ms }) => ms)), cpuMs: median(each.map(({ cpuMs }) => cpuMs)) });
  }
  const stalls: Cost[] = [];
  for (let stall = 0; stall < STALLS; stall++) stalls.push(await server.ask('stall', null, Cost));
  await server.end();
  const sum = costs.reduce((total, { ms, cpuMs }) => ({ ms: total.ms + ms, cpuMs: total.cpuMs + cpuMs }));
  return { scale, features, costs, sum, stalls: stalls.toSorted((left, right) => left.ms - right.ms) };
}

function cells(cost: Cost | undefined): number[] {
  return cost === undefined ? [] : [cost.ms, cost.cpuMs];
}
