import { DAY_MS, HOUR_MS, type Instant, isoInstant } from '../figures/calendar.ts';
import type { Feature } from '../runtime/define-feature.ts';
import { InvalidInputError } from '../runtime/parse-input.ts';
import type { HistoryQuestion, HistoryStep } from './history-question.ts';
import { lengthOf, MINUTE_MS } from './steps.ts';
import { HOURS_KEPT_DAYS, MINUTES_KEPT_DAYS } from './thinning.ts';

export const MOST_FIGURES = 12;
export const MOST_POINTS = 2_000;

/** From the finest to the coarsest. */
const STEPS: readonly HistoryStep[] = ['minute', 'hour', 'day'];
/** How far ahead the clock of a client may be, ms. */
const CLOCK_DIFFERENCE_MS = MINUTE_MS;
/** Without `step`, the first that a period of this length may have, ms. */
const DEFAULT_UP_TO: Readonly<Record<HistoryStep, number>> = {
  minute: 26 * HOUR_MS,
  hour: 62 * DAY_MS,
  day: Number.POSITIVE_INFINITY,
};
/** How long the points of a step are kept; later they are thinned. */
const KEPT_DAYS: Readonly<Record<HistoryStep, number>> = {
  minute: MINUTES_KEPT_DAYS,
  hour: HOURS_KEPT_DAYS,
  day: Number.POSITIVE_INFINITY,
};

export interface HistoryQuestionContext {
  readonly feature: Feature;
  /** The database that the feature is computed from now. */
  readonly source: string;
  readonly timeZone: string;
  readonly now: Instant;
}

/**
 * Reads the query of `GET /api/{feature}/history`. Without parameters: the headlines, the last 24 hours, by the minute.
 *
 * @throws InvalidInputError that says what would be valid
 */
export function parseHistoryQuestion(query: URLSearchParams, context: HistoryQuestionContext): HistoryQuestion {
  const { feature, source, now } = context;
  const figures = figuresIn(query, feature);
  const { from, to } = periodIn(query, context);
  const compare = valueIn(query, 'compare');
  if (compare !== null && compare !== 'previous') refuse('compare', 'The only comparison is previous');
  const comparesPrevious = compare !== null;
  // The period before has to be kept in the same step.
  const oldest = comparesPrevious ? from - (to - from) : from;
  const step = stepIn(query, { from, to, timeZone: context.timeZone }, now - oldest);
  return { feature: feature.name, source, figures, from, to, step, comparesPrevious };
}

function refuse(field: string, text: string): never {
  throw new InvalidInputError({ [field]: [text] });
}

function valueIn(query: URLSearchParams, field: string): string | null {
  const [value = null, ...more] = query.getAll(field);
  return more.length === 0 ? value : refuse(field, 'Expected one value');
}

function figuresIn(query: URLSearchParams, { name, catalogue, headlines }: Feature): HistoryQuestion['figures'] {
  const asked = [...new Set(query.getAll('figure'))];
  if (asked.length > MOST_FIGURES) refuse('figure', `At most ${MOST_FIGURES} figures in one request`);
  return (asked.length === 0 ? headlines : asked).map((path) => {
    const found = catalogue.figures.find((figure) => figure.path === path);
    if (found !== undefined) return { path, unit: found.unit };
    const known = catalogue.figures.map((figure) => figure.path).join(', ');
    return refuse('figure', `${name} has no such figure; it has ${known}`);
  });
}

function periodIn(query: URLSearchParams, { timeZone, now }: HistoryQuestionContext) {
  const end = spanIn(query, 'to', timeZone);
  const start = spanIn(query, 'from', timeZone);
  for (const [field, span] of [['to', end] as const, ['from', start] as const]) {
    if (span === undefined) continue;
    if (span.before < 0) refuse(field, 'There is no history before 1970');
    if (span.from > now + CLOCK_DIFFERENCE_MS)
      refuse(field, `There is no history of the future; now is ${isoInstant(now)}`);
  }
  // Not later than the end of the current minute, so that questions in one minute are equal.
  const soon = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
  const to = Math.min(end?.before ?? soon, soon);
  const from = start?.from ?? to - DAY_MS;
  if (from >= to) refuse('from', `It has to be before the end of the period, ${isoInstant(to)}`);
  return { from, to };
}

/** A date is its whole day, an instant only itself. */
function spanIn(query: URLSearchParams, field: string, timeZone: string) {
  const text = valueIn(query, field);
  if (text === null) return undefined;
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      const { epochMilliseconds } = Temporal.Instant.from(text);
      return { from: epochMilliseconds, before: epochMilliseconds };
    }
    const day = Temporal.PlainDate.from(text);
    const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).epochMilliseconds;
    return { from: startOf(day), before: startOf(day.add({ days: 1 })) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // A + stands for a space in a query.
    const advice = text.includes(' ') ? '; a + in an address is written %2B' : '';
    return refuse(field, `Expected an instant such as 2026-03-01T12:00:00Z, or a date such as 2026-03-01${advice}`);
  }
}

/** @param age of the oldest point that is needed, ms */
function stepIn(query: URLSearchParams, period: ZonedPeriod, age: number): HistoryStep {
  const asked = valueIn(query, 'step');
  const isKept = (step: HistoryStep) => age <= KEPT_DAYS[step] * DAY_MS;
  const isPossible = (step: HistoryStep) => isKept(step) && pointsOf(period, step) <= MOST_POINTS;
  const fits = (step: HistoryStep) => period.to - period.from <= DEFAULT_UP_TO[step];
  const possible = STEPS.find(isPossible);
  if (possible === undefined) return refuse('from', `The period is too long: at most ${MOST_POINTS} days`);
  if (asked === null) return STEPS.find((step) => isPossible(step) && fits(step)) ?? possible;
  const step = STEPS.find((each) => each === asked);
  if (step === undefined) return refuse('step', `Expected ${STEPS.join(', ')}`);
  if (isPossible(step)) return step;
  const why = isKept(step)
    ? `${pointsOf(period, step)} points are more than ${MOST_POINTS}`
    : `Points of each ${step} are kept for ${KEPT_DAYS[step]} days, and this period begins before`;
  return refuse('step', `${why}; step=${possible} would do`);
}

interface ZonedPeriod {
  readonly from: Instant;
  readonly to: Instant;
  readonly timeZone: string;
}

/** How many steps begin in a period, at most. */
function pointsOf({ from, to, timeZone }: ZonedPeriod, step: HistoryStep): number {
  if (step !== 'day') return Math.ceil((to - from) / lengthOf(step));
  const dateOf = (instant: Instant) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
  return dateOf(from - 1).until(dateOf(to - 1)).days;
}
