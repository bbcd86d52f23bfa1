import { type Static, Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { median } from './support/statistics.ts';

/** What one refresh of each feature takes, and how long the event loop stands still while all of them are refreshed. */
const SCALES = [1, 10];
const REFRESHES = 9;
const STALLS = 20;
const SUM_AT_MOST_MS = 150;
const STALL_AT_MOST_MS = 50;

/** The demo makes its indexes once it serves: until then, a refresh is not what it will be. */
const SETTLE_MS = 3_000;
const SETTLE_MS_A_SCALE = 2_000;

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
  readonly stallsMs: readonly number[];
}

printHeading(`Refresh: medians of ${REFRESHES} refreshes a feature, then ${STALLS} times all features at once`);
const found: Findings[] = [];
for (const scale of SCALES) found.push(await measure(scale));

printTable(
  ['', ...found.flatMap(({ scale }) => [`${scale} x ms`, 'CPU ms'])],
  [
    ...(found[0]?.features ?? []).map((name, index) => [name, ...found.flatMap(({ costs }) => cells(costs[index]))]),
    ['sum', ...found.flatMap(({ sum }) => cells(sum))],
    ['longest stall, median', ...found.flatMap(({ stallsMs }) => [median(stallsMs), ''])],
    ['longest stall, worst', ...found.flatMap(({ stallsMs }) => [Math.max(...stallsMs), ''])],
  ],
);
printTargets([
  { words: 'sum at 1 x', measured: found[0]?.sum.ms ?? 0, unit: ' ms', atMost: SUM_AT_MOST_MS },
  ...found.map(({ scale, stallsMs }) => ({
    words: `longest stall of the event loop at ${scale} x`,
    measured: Math.max(...stallsMs),
    unit: ' ms',
    atMost: STALL_AT_MOST_MS,
  })),
]);

async function measure(scale: number): Promise<Findings> {
  const server = startChild('demo-server.ts', [String(scale), '0']);
  const features = await server.ask('features', null, Names);
  await Bun.sleep(SETTLE_MS + scale * SETTLE_MS_A_SCALE);
  const costs: Cost[] = [];
  for (const name of features) {
    const each: Cost[] = [];
    for (let refresh = 0; refresh < REFRESHES; refresh++) each.push(await server.ask('refresh', name, Cost));
    costs.push({ ms: median(each.map(({ ms }) => ms)), cpuMs: median(each.map(({ cpuMs }) => cpuMs)) });
  }
  const stallsMs: number[] = [];
  for (let stall = 0; stall < STALLS; stall++) stallsMs.push(await server.ask('stall', null, Type.Number()));
  await server.end();
  const sum = costs.reduce((total, { ms, cpuMs }) => ({ ms: total.ms + ms, cpuMs: total.cpuMs + cpuMs }));
  return { scale, features, costs, sum, stallsMs };
}

function cells(cost: Cost | undefined): number[] {
  return cost === undefined ? [] : [cost.ms, cost.cpuMs];
}
