import type { Database } from 'bun:sqlite';
import { type Instant, isoInstant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import { readValues, type ValueAt } from './figure-values.ts';
import type { HistoryQuestion } from './history-question.ts';
import { MINUTE_MS, type Step, stepsOf } from './steps.ts';

interface Row {
  /** In minutes since 1970. */
  readonly at: number;
  readonly list: number;
  readonly figures: Uint8Array;
}

/** The last values in a step; null if nothing was recorded. */
interface StepValues {
  /** The start of the step, as JSON. */
  readonly start: string;
  readonly recorded: { readonly list: number; readonly valueAt: ValueAt } | null;
}

/**
 * The answer to a question, as JSON: for each step its start and the last value in it.
 */
export function readHistory(database: Database, calendar: Calendar, question: HistoryQuestion): string {
  const { feature, from, to, step, figures, comparesPrevious } = question;
  const { steps, previous } = stepsOf(question, calendar);
  // One transaction, since each seek would otherwise lock the file by itself.
  const { current, before, lists } = database.transaction(() => {
    const read = stepReader(database, question);
    return { current: read(steps), before: comparesPrevious ? read(previous) : null, lists: figureLists(database) };
  })();
  const series = figures.map(({ path, unit }) => {
    const head = JSON.stringify({ figure: path, unit }).slice(0, -1);
    const compared = before === null ? '' : `,"previous":${encodePoints(before, path, lists)}`;
    return `${head},"points":${encodePoints(current, path, lists)}${compared}}`;
  });
  const period = { feature, from: isoInstant(from), to: isoInstant(to), step, timeZone: calendar.timeZone };
  return `${JSON.stringify(period).slice(0, -1)},"series":[${series.join()}]}`;
}

function stepReader(database: Database, { feature, source, step }: HistoryQuestion) {
  const series = database
    .query<{ id: number }, [string, string]>('select id from Series where feature = ? and source = ?')
    .get(feature, source);
  const lastRows = step === 'day' ? seekRows : scanRows;
  return (steps: readonly Step[]): StepValues[] => {
    const rows = series === null ? [] : lastRows(database, series.id, steps);
    return steps.map(({ from }, index) => {
      const row = rows[index] ?? null;
      const recorded = row === null ? null : { list: row.list, valueAt: readValues(row.figures) };
      return { start: JSON.stringify(isoInstant(from)), recorded };
    });
  };
}

/** The last row of each step; null or undefined where there is none. */
type LastRows = (database: Database, series: number, steps: readonly Step[]) => readonly (Row | null | undefined)[];

/** A seek takes as long as 40 rows of a scan: days of minutes have many more. */
const seekRows: LastRows = (database, series, steps) => {
  const last = database.query<Row, [number, number, number]>(
    'select at, list, figures from Points where series = ? and at >= ? and at < ? order by at desc limit 1',
  );
  return steps.map(({ from, before }) => last.get(series, minuteFrom(from), minuteFrom(before)));
};

/** For steps of equal length: a scan of the period. */
const scanRows: LastRows = (database, series, steps) => {
  const [first] = steps;
  const end = steps.at(-1);
  if (first === undefined || end === undefined) return [];
  const all = database.query<Row, [number, number, number]>(
    'select at, list, figures from Points where series = ? and at >= ? and at < ? order by at',
  );
  const rows: Row[] = [];
  for (const row of all.iterate(series, minuteFrom(first.from), minuteFrom(end.before))) {
    rows[Math.floor((row.at * MINUTE_MS - first.from) / (first.before - first.from))] = row;
  }
  return rows;
};

/** The first minute since 1970 that is not before an instant. */
function minuteFrom(instant: Instant): number {
  return Math.ceil(instant / MINUTE_MS);
}

type FigureLists = ReadonlyMap<number, readonly string[]>;

/** The paths of figures in the blobs of a list, by the id of the list. */
function figureLists(database: Database): FigureLists {
  return new Map(
    database
      .query<{ id: number; paths: string }, []>('select id, paths from FigureLists')
      .all()
      .map(({ id, paths }) => [id, JSON.parse(paths)]),
  );
}

function encodePoints(steps: readonly StepValues[], path: string, lists: FigureLists): string {
  const indexes = new Map([...lists].map(([list, paths]) => [list, paths.indexOf(path)]));
  const points = steps.map(({ start, recorded }) => {
    const value = recorded?.valueAt(indexes.get(recorded.list) ?? -1) ?? null;
    return `[${start},${value !== null && Number.isFinite(value) ? value : null}]`;
  });
  return `[${points.join()}]`;
}
