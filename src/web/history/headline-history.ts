import type { History } from '../../client/index.ts';
import type { Values } from '../charts/series.ts';
import type { Range } from './range.ts';

/** A figure over a range, beside the period before it. */
export interface HeadlineHistory {
  readonly range: Range;
  readonly step: History['step'];
  /** The start of each step. */
  readonly starts: readonly string[];
  /** Null where nothing was recorded. */
  readonly values: Values;
  /** Of the period before, as long as `values`. */
  readonly before: Values;
  /** The first step with a value, if the history is younger than the range; else null. */
  readonly since: string | null;
  /** Whether it covers enough of the range for a line to show more than the card's own series. */
  readonly isTelling: boolean;
}

/** Fewer points make no line. */
export const FEWEST_KNOWN = 2;
/** The part of a range that has to be covered. */
const TELLING_FROM = 1 / 8;

/** Undefined if nothing was recorded of the figure. */
export function headlineHistory(range: Range, { step, series }: History, figure: string): HeadlineHistory | undefined {
  const found = series.find((each) => each.figure === figure);
  if (found === undefined) return undefined;
  const values = found.points.map(([, value]) => value);
  const before = found.previous?.map(([, value]) => value) ?? [];
  const first = values.findIndex((value) => value !== null);
  if (first < 0) return undefined;
  const isOlder = before.some((value) => value !== null);
  const known = values.filter((value) => value !== null).length;
  const covered = isOlder ? values.length : values.length - first;
  return {
    range,
    step,
    starts: found.points.map(([start]) => start),
    values,
    before,
    since: isOlder || first === 0 ? null : (found.points[first]?.[0] ?? null),
    isTelling: known >= FEWEST_KNOWN && covered >= values.length * TELLING_FROM,
  };
}

export interface HistoryBaseline {
  readonly range: Range;
  readonly value: number;
  /** The start of its step if it is younger than the range; else null: it is one range ago. */
  readonly since: string | null;
}

/** What the current value is compared with: the value one range ago, else the first that is known. */
export function baselineOf({ range, starts, values, before, isTelling }: HeadlineHistory): HistoryBaseline | undefined {
  const rangeAgo = before.at(-1) ?? null;
  if (rangeAgo !== null) return { range, value: rangeAgo, since: null };
  const first = values.findIndex((value) => value !== null);
  const value = values[first] ?? null;
  return value === null || !isTelling ? undefined : { range, value, since: starts[first] ?? null };
}
