/** Pure arithmetic over series, shared by charts and change chips. A value is null if it is unknown. */

export type Values = readonly (number | null)[];

/**
 * The mean of each day and the ones before it.
 *
 * Null for the first `length - 1` days, and for an unfinished last day: half a day would distort the mean.
 */
export function trailingMean(values: Values, length: number, lastIsUnfinished: boolean): (number | null)[] {
  return values.map((_, index) => {
    if (index < length - 1 || (lastIsUnfinished && index === values.length - 1)) return null;
    return mean(values.slice(index - length + 1, index + 1));
  });
}

function mean(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known) / known.length;
}

export function sum(values: Values): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** A change of a level by less than this share of it is drawn as small as it is. */
const LEAST_SPAN = 0.05;
/** Room for the width of the line at both ends. */
const LINE_SPACE = 1.1;

/** The bounds of an axis for a level: around its values, and at least a twentieth of the largest apart. */
export function levelBounds(values: Values): { min: number; max: number } {
  const known = values.filter((value) => value !== null);
  const [least, most] = known.length === 0 ? [0, 0] : [Math.min(...known), Math.max(...known)];
  // A level of 0 has any span.
  const span = Math.max(most - least, Math.max(Math.abs(least), Math.abs(most)) * LEAST_SPAN) || 1;
  const margin = (span * LINE_SPACE - (most - least)) / 2;
  return { min: least - margin, max: most + margin };
}

/** Whether a value has no neighbour: a line through it would not be drawn. */
export function isAlone(values: Values, index: number): boolean {
  const isKnown = (at: number) => (values[at] ?? null) !== null;
  return isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1);
}

export interface Comparison {
  readonly current: number;
  readonly before: number;
}

/**
 * The sum of the last `length` finished values and of the `length` values before them.
 *
 * Undefined if the series is too short.
 */
export function compareWindows(values: Values, length: number, lastIsUnfinished: boolean): Comparison | undefined {
  const finished = lastIsUnfinished ? values.slice(0, -1) : values;
  if (finished.length < 2 * length) return undefined;
  return { current: sum(finished.slice(-length)), before: sum(finished.slice(-2 * length, -length)) };
}

/** Undefined if the earlier value is 0. */
export function changeRatio({ current, before }: Comparison): number | undefined {
  return before === 0 ? undefined : (current - before) / before;
}

export interface Share {
  readonly title: string;
  readonly value: number;
}

/** Sorts shares, largest first, and merges those beyond `most` into the last one. */
export function largestShares(shares: readonly Share[], most: number, restTitle: string): Share[] {
  const sorted = shares.toSorted((left, right) => right.value - left.value);
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1);
  return [...sorted.slice(0, most - 1), { title: restTitle, value: sum(rest.map(({ value }) => value)) }];
}
