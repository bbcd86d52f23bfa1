import { Database } from 'bun:sqlite';
import { encodeValues } from '../../../src/core/history/figure-values.ts';
import type { History } from '../../../src/core/history/history.ts';
import { features } from '../../../src/features/index.ts';
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

/**
 * A file with 90 days up to an instant, recorded minute by minute in transactions of a day: one commit a minute would take
 * the disk an hour. Each day is thinned as a server does it.
 */
export async function recordQuarter(path: string, end: number): Promise<History> {
  const history = memoryHistory({ path });
  const first = Math.floor(end / MINUTE_MS) - DAYS * DAY_MINUTES;
  await history.record(pointsAt(first), first * MINUTE_MS);
  const database = new Database(path);
  const ids = database.query<{ feature: string; series: number; list: number }, []>(
    'select feature, series, list from Points join Series on series = Series.id',
  );
  const rows = ids.all();
  const insert = database.query('insert or replace into Points values (?, ?, ?, ?)');
  for (let day = 0; day < DAYS; day++) {
    const start = first + day * DAY_MINUTES;
    database
      .transaction(() => {
        for (let minute = start; minute < start + DAY_MINUTES; minute++) {
          for (const { feature, values } of pointsAt(minute)) {
            const row = rows.find((each) => each.feature === feature);
            if (row !== undefined) insert.run(row.series, minute, row.list, encodeValues(values));
          }
        }
      })
      .immediate();
    await history.record(pointsAt(start + DAY_MINUTES), (start + DAY_MINUTES) * MINUTE_MS);
  }
  database.close();
  return history;
}
