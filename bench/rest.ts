import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { type Load, load, loadGenerator } from './support/load.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { startServer } from './support/server.ts';
import { median } from './support/statistics.ts';

/** Measures requests per second for a snapshot from memory, relative to a bare `Bun.serve` that returns the same bytes. */
const PATHS = ['/api/claims/summary', '/api/financial'];
const ROUNDS = 7;
const AT_LEAST = 0.7;

printHeading(
  `REST: snapshots from memory against a bare Bun.serve, ${ROUNDS} rounds in turns; load from ${loadGenerator}`,
);

const directory = await mkdtemp(join(tmpdir(), 'greg-bench-'));
// The data do not change, so both servers return the same bytes throughout.
const ours = await startServer({ DEMO_RATE: '0' });
const rows: (string | number)[][] = [];
const ratios: { readonly path: string; readonly ratio: number }[] = [];

for (const path of PATHS) {
  const body = await (await fetch(ours.url + path)).bytes();
  const file = join(directory, 'body');
  await Bun.write(file, body);
  const bare = startChild('bare-rest.ts', [file]);
  const bareUrl = await bare.ask('url', null, Type.String());
  await load(ours.url + path, ours.pid);
  await load(bareUrl, bare.pid);
  const rounds: { readonly ours: Load; readonly bare: Load }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ ours: await load(ours.url + path, ours.pid), bare: await load(bareUrl, bare.pid) });
  }
  await bare.end();

  const of = (side: 'ours' | 'bare', figure: keyof Load) => median(rounds.map((round) => round[side][figure]));
  for (const side of ['ours', 'bare'] as const) {
    rows.push([`${path} ${side}`, body.length, of(side, 'requestsPerSecond'), of(side, 'cpuMicroseconds')]);
  }
  ratios.push({
    path,
    ratio: median(rounds.map((round) => round.ours.requestsPerSecond / round.bare.requestsPerSecond)),
  });
}
await ours.stop();
await rm(directory, { recursive: true });

printTable(['median', 'bytes', 'requests/s', 'server CPU µs/request'], rows);
printTargets(
  ratios.map(({ path, ratio }) => ({
    words: `requests/s of ${path}, ours ÷ bare`,
    measured: ratio,
    unit: '',
    atLeast: AT_LEAST,
  })),
);
