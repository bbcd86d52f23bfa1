import type { Database } from 'bun:sqlite';
import { DAY_MS, type Instant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import type { FigureValues } from './figure-values.ts';
import { encodeValues } from './figure-values.ts';
import type { HistoryQuestion } from './history-question.ts';
import { readHistory } from './read-history.ts';
import { MINUTE_MS } from './steps.ts';
import type { HistorySize } from './thinning.ts';
import { bytesOf, dropOldestDays, newestBefore, oldestOf, thin } from './thinning.ts';

export type HistoryHandlers = ReturnType<typeof historyHandlers>;

/**
 * The methods of the history's Worker.
 *
 * @param calendar its days are those that old points are thinned to
 */
export function historyHandlers(database: Database, calendar: Calendar, maximumBytes: number) {
  let thinnedOn: string | undefined;
  return {
    record(points: readonly FigureValues[], at: Instant): void {
      const minute = Math.floor(at / MINUTE_MS);
      database
        .transaction(() => {
          for (const each of points) insert(database, each, minute);
        })
        .immediate();
      const today = calendar.dayOf(at);
      if (today !== thinnedOn) {
        // A clock that is far ahead for a while must not thin everything.
        thin(database, calendar, Math.min(at, (newestBefore(database, at) ?? at) + DAY_MS));
        thinnedOn = today;
      }
      dropOldestDays(database, calendar, maximumBytes);
    },
    read: (question: HistoryQuestion): string => readHistory(database, calendar, question),
    size: (): HistorySize => ({ bytes: bytesOf(database), oldest: oldestOf(database) }),
    close: (): void => database.close(),
  };
}

/** A point of the same minute is replaced: after the clock was set back, the later knowledge counts. */
function insert(database: Database, { feature, source, figures, values }: FigureValues, minute: number): void {
  database.query('insert into Series (feature, source) values (?, ?) on conflict do nothing').run(feature, source);
  const paths = JSON.stringify(figures);
  database.query('insert into FigureLists (paths) values (?) on conflict do nothing').run(paths);
  database
    .query(
      `insert or replace into Points select Series.id, ?, FigureLists.id, ? from Series, FigureLists
       where feature = ? and source = ? and paths = ?`,
    )
    .run(minute, encodeValues(values), feature, source, paths);
}
