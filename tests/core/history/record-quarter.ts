import type { History } from '../../../src/core/history/history.ts';
import { features } from '../../../src/features/index.ts';
import { fillHistory } from '../../support/fill-history.ts';
import { memoryHistory } from '../../support/memory-history.ts';
import { MINUTE_MS, SOURCE } from './recorded.ts';

export const DAYS = 90;
const DAY_MINUTES = 1_440;

/** The figures of each feature in some minute: each changes a little all the time, so that no two rows are equal. */
function pointsAt(minute: number) {
  return features.map(({ name, catalogue }) => ({
    feature: name,
    source: SOURCE,
    figures: catalogue.figures.map(({ path }) => path),
    values: catalogue.figures.map((_, index) => Math.round((1_000 * (index + 1) + minute * 0.37) * 100) / 100),
  }));
}

/** A file with 90 days up to an instant, a point each minute. Each day is thinned as a server does it. */
export async function recordQuarter(path: string, end: number): Promise<History> {
  const history = memoryHistory({ path });
  const first = Math.floor(end / MINUTE_MS) - DAYS * DAY_MINUTES;
  for (let day = 0; day < DAYS; day++) {
    const next = first + (day + 1) * DAY_MINUTES;
    fillHistory(path, range(next - DAY_MINUTES, next), pointsAt);
    await history.record(pointsAt(next), next * MINUTE_MS);
  }
  return history;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
