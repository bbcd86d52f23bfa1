import type { Database } from 'bun:sqlite';
import { isoInstant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import { valueAt } from './figure-values.ts';
import type { HistoryQuestion } from './history-question.ts';
import { MINUTE_MS, type Step, stepsOf } from './steps.ts';

/** All figures of a feature at one instant. */
interface Row {
  readonly list: number;
  readonly figures: Uint8Array;
}

/** The steps of a period, and the last row in each; null where none was recorded. */
interface Rows {
  /** The start of each step, as JSON. */
  readonly starts: readonly string[];
  readonly rows: readonly (Row | null)[];
}

/**
 * The answer to a question, as JSON: for each step its start and the last value in it. Reads one row per step, by a seek in
 * the primary key, so that a day of minutes costs no more than a day that is one point.
 */
export function readHistory(database: Database, calendar: Calendar, question: HistoryQuestion): string {
  const { feature, from, to, step, figures, comparesPrevious } = question;
  const { steps, previous } = stepsOf(question, calendar);
  const read = rowReader(database, question);
  const indexOf = figureIndex(database);
  const current = read(steps);
  const before = comparesPrevious ? read(previous) : null;
  const series = figures.map(({ path, unit }) => {
    const head = JSON.stringify({ figure: path, unit }).slice(0, -1);
    const compared = before === null ? '' : `,"previous":${encodePoints(before, path, indexOf)}`;
    return `${head},"points":${encodePoints(current, path, indexOf)}${compared}}`;
  });
  const period = { feature, from: isoInstant(from), to: isoInstant(to), step, timeZone: calendar.timeZone };
  return `${JSON.stringify(period).slice(0, -1)},"series":[${series.join()}]}`;
}

function rowReader(database: Database, { feature, source }: HistoryQuestion): (steps: readonly Step[]) => Rows {
  const series = database
    .query<{ id: number }, [string, string]>('select id from Series where feature = ? and source = ?')
    .get(feature, source);
  const last = database.query<Row, [number, number, number]>(
    'select list, figures from Points where series = ? and at >= ? and at < ? order by at desc limit 1',
  );
  const lastIn = ({ from, before }: Step): Row | null =>
    series === null ? null : last.get(series.id, Math.ceil(from / MINUTE_MS), Math.ceil(before / MINUTE_MS));
  return (steps) => ({ starts: steps.map(({ from }) => JSON.stringify(isoInstant(from))), rows: steps.map(lastIn) });
}

type FigureIndex = (list: number, path: string) => number;

/** Where a figure is in the blobs of a list; −1 if it is not. */
function figureIndex(database: Database): FigureIndex {
  const lists = new Map<number, readonly string[]>(
    database
      .query<{ id: number; paths: string }, []>('select id, paths from FigureLists')
      .all()
      .map(({ id, paths }) => [id, JSON.parse(paths)]),
  );
  return (list, path) => lists.get(list)?.indexOf(path) ?? -1;
}

function encodePoints({ starts, rows }: Rows, path: string, indexOf: FigureIndex): string {
  const points = starts.map((start, step) => {
    const row = rows[step] ?? null;
    const value = row === null ? null : valueAt(row.figures, indexOf(row.list, path));
    return `[${start},${JSON.stringify(value)}]`;
  });
  return `[${points.join()}]`;
}
