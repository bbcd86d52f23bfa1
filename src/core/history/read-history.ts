import type { Database } from 'bun:sqlite';
import { isoInstant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import { valueAt } from './figure-values.ts';
import type { HistoryQuestion } from './history.ts';
import { MINUTE_MS, type Step, stepsOf } from './steps.ts';

/** The start of a step, and the last value that was recorded in it; null if none was. */
type Point = readonly [start: string, value: number | null];

/** All figures of a feature at one instant. */
interface Row {
  readonly list: number;
  readonly figures: Uint8Array;
}

/** Reads one point per step: by a seek in the primary key, so that a day of minutes costs no more than one point. */
export function readHistory(database: Database, calendar: Calendar, question: HistoryQuestion) {
  const { feature, from, to, step, figures, comparesPrevious } = question;
  const { steps, previous } = stepsOf(question, calendar);
  const rowsIn = lastRows(database, question);
  const indexOf = figureIndex(database);
  const rows = rowsIn(steps);
  const rowsBefore = comparesPrevious ? rowsIn(previous) : [];
  return {
    feature,
    from: isoInstant(from),
    to: isoInstant(to),
    step,
    timeZone: calendar.timeZone,
    series: figures.map(({ path, unit }) => {
      const pointsOf = (list: readonly Step[], found: readonly (Row | null)[]): Point[] =>
        list.map((each, index) => [isoInstant(each.from), valueIn(found[index] ?? null, path, indexOf)]);
      const points = pointsOf(steps, rows);
      return { figure: path, unit, points, ...(comparesPrevious ? { previous: pointsOf(previous, rowsBefore) } : {}) };
    }),
  };
}

function lastRows(database: Database, { feature, source }: HistoryQuestion) {
  const series = database
    .query<{ id: number }, [string, string]>('select id from Series where feature = ? and source = ?')
    .get(feature, source);
  const last = database.query<Row, [number, number, number]>(
    'select list, figures from Points where series = ? and at >= ? and at < ? order by at desc limit 1',
  );
  return (steps: readonly Step[]): (Row | null)[] =>
    series === null
      ? []
      : steps.map((step) => last.get(series.id, Math.ceil(step.from / MINUTE_MS), Math.ceil(step.before / MINUTE_MS)));
}

/** Where a figure is in the blobs of a list; −1 if it is not. */
function figureIndex(database: Database): (list: number, path: string) => number {
  const lists = new Map(
    database
      .query<{ id: number; paths: string }, []>('select id, paths from FigureLists')
      .all()
      .map(({ id, paths }) => {
        const parsed: string[] = JSON.parse(paths);
        return [id, new Map(parsed.map((path, index) => [path, index]))] as const;
      }),
  );
  return (list, path) => lists.get(list)?.get(path) ?? -1;
}

function valueIn(row: Row | null, path: string, indexOf: (list: number, path: string) => number): number | null {
  return row === null ? null : valueAt(row.figures, indexOf(row.list, path));
}
