/** Arithmetic over series that charts and change chips share. Pure; values may be null where nothing is known. */

export type Values = readonly (number | null)[];

/**
 * The mean of each day and the ones before it.
 *
 * Null until `length` days are there, and for the last day where it is not over: half a day would bend every mean.
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

export interface Comparison {
  readonly current: number;
  readonly before: number;
}

/**
 * The sum of the last `length` finished values beside that of as many before them.
 *
 * Undefined where the series is too short.
 */
export function compareWindows(values: Values, length: number, lastIsUnfinished: boolean): Comparison | undefined {
  const finished = lastIsUnfinished ? values.slice(0, -1) : values;
  if (finished.length < 2 * length) return undefined;
  return { current: sum(finished.slice(-length)), before: sum(finished.slice(-2 * length, -length)) };
}

/** Undefined where a ratio says nothing: from zero everything is infinitely more. */
export function changeRatio({ current, before }: Comparison): number | undefined {
  return before === 0 ? undefined : (current - before) / before;
}

export interface Share {
  readonly title: string;
  readonly value: number;
}

/** Largest first; those beyond `most` are one at the end. */
export function largestShares(shares: readonly Share[], most: number, restTitle: string): Share[] {
  const sorted = shares.toSorted((left, right) => right.value - left.value);
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1);
  return [...sorted.slice(0, most - 1), { title: restTitle, value: sum(rest.map(({ value }) => value)) }];
}
