import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { startServer } from './support/server.ts';
import { median } from './support/statistics.ts';

/** Measures the time from spawn to a snapshot of every feature, for a first start and later ones. */
const STARTS = 7;
const AT_MOST_MS = 1_000;
/** By then the first start has cached its data. */
const KEPT_AFTER_MS = 6_000;

printHeading(`Start: spawn to /ready, one first start and ${STARTS} more`);

const directory = await mkdtemp(join(tmpdir(), 'greg-bench-state-'));
const start = async (stayMs: number) => {
  const server = await startServer({ STATE_DIR: directory });
  await Bun.sleep(stayMs);
  await server.stop();
  return server.readyAfterMs;
};

const first = await start(KEPT_AFTER_MS);
const later: number[] = [];
for (let index = 0; index < STARTS; index++) later.push(await start(0));
await rm(directory, { recursive: true, force: true });

printTable(
  ['ms', 'first start', 'later, median', 'later, slowest'],
  [['spawn to ready', first, median(later), Math.max(...later)]],
);
printTargets([{ words: 'a later start, median', measured: median(later), unit: ' ms', atMost: AT_MOST_MS }]);
