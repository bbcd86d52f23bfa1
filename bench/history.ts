import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HISTORY_FILE, openHistory } from '../src/core/history/history.ts';
import type { HistoryQuestion } from '../src/core/history/history-question.ts';
import { systemClock } from '../src/core/runtime/clock.ts';
import { financial } from '../src/features/financial/index.ts';
import { DAYS, recordQuarter } from '../tests/core/history/record-quarter.ts';
import { SOURCE } from '../tests/core/history/recorded.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { median, percentile } from './support/statistics.ts';

/** Measures how long a question takes to the history in its Worker, with 90 days of every figure of all features. */
const FIGURES = 12;
const QUESTIONS = 300;
const DAY_MS = 86_400_000;

printHeading(`History: ${FIGURES} figures, ${QUESTIONS} questions each, over ${DAYS} days of all features`);

const directory = await mkdtemp(join(tmpdir(), 'greg-bench-'));
const path = join(directory, HISTORY_FILE);
const end = Date.now();
await (await recordQuarter(path, end)).close();
const { size } = await stat(path);
const history = await openHistory({
  ...{ directory, timeZone: 'America/Sao_Paulo', maximumBytes: 256 * 1024 ** 2, clock: systemClock },
  onLost: console.error,
});

const figures = financial.catalogue.figures.slice(0, FIGURES);
const ask = (days: number, step: HistoryQuestion['step'], comparesPrevious: boolean) =>
  history.read({
    ...{ feature: 'financial', source: SOURCE, figures, step, comparesPrevious },
    from: end - days * DAY_MS,
    to: end,
  });

async function measure(words: string, days: number, step: HistoryQuestion['step'], comparesPrevious: boolean) {
  const times: number[] = [];
  let bytes = 0;
  for (let question = -20; question < QUESTIONS; question++) {
    const start = performance.now();
    bytes = (await ask(days, step, comparesPrevious)).length;
    if (question >= 0) times.push(performance.now() - start);
  }
  return { words, bytes, median: median(times), p99: percentile(times, 0.99) };
}

const quarter = await measure('90 days by day', 90, 'day', false);
const measured = [
  quarter,
  await measure('90 days by day, and the 90 before', 90, 'day', true),
  await measure('30 days by hour, and the 30 before', 30, 'hour', true),
  await measure('24 hours by minute, and the 24 before', 1, 'minute', true),
];
await history.close();
await rm(directory, { recursive: true });

printTable(
  ['question', 'bytes of the answer', 'median, ms', 'p99, ms'],
  measured.map(({ words, bytes, median: middle, p99 }) => [words, bytes, middle, p99]),
);
printTargets([
  { words: `p99 of ${quarter.words}`, measured: quarter.p99, unit: ' ms', atMost: 20 },
  { words: `${DAYS} days of all features on the disk`, measured: size / 1024 ** 2, unit: ' MB', atMost: 24 },
]);
