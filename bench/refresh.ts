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

const Names = Type.Array(Type.String());

/** What was found at one size of the company. */
interface Findings {
  readonly scale: number;
  readonly features: Static<typeof Names>;
  /** Medians by feature, ms. */
  readonly refreshMs: readonly number[];
  readonly sumMs: number;
  readonly stallsMs: readonly number[];
}

printHeading(`Refresh: medians of ${REFRESHES} refreshes a feature, then ${STALLS} times all features at once`);
const found: Findings[] = [];
for (const scale of SCALES) found.push(await measure(scale));

printTable(
  ['ms', ...found.map(({ scale }) => `${scale} x`)],
  [
    ...(found[0]?.features ?? []).map((name, index) => [name, ...found.map(({ refreshMs }) => refreshMs[index] ?? 0)]),
    ['sum', ...found.map(({ sumMs }) => sumMs)],
    ['longest stall, median', ...found.map(({ stallsMs }) => median(stallsMs))],
    ['longest stall, worst', ...found.map(({ stallsMs }) => Math.max(...stallsMs))],
  ],
);
printTargets([
  { words: 'sum at 1 x', measured: found[0]?.sumMs ?? 0, unit: ' ms', atMost: SUM_AT_MOST_MS },
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
  const refreshMs: number[] = [];
  for (const name of features) {
    const each: number[] = [];
    for (let refresh = 0; refresh < REFRESHES; refresh++) each.push(await server.ask('refresh', name, Type.Number()));
    refreshMs.push(median(each));
  }
  const stallsMs: number[] = [];
  for (let stall = 0; stall < STALLS; stall++) stallsMs.push(await server.ask('stall', null, Type.Number()));
  await server.end();
  return { scale, features, refreshMs, sumMs: refreshMs.reduce((sum, each) => sum + each, 0), stallsMs };
}
