import { type Iterator as Documents, Lazy } from 'mingo/lazy';
import type { Options } from 'mingo/types';
import type { Stage } from '../source.ts';
import { compareValues, type Fields, fieldReader, isFields } from './fields.ts';

/** Past this many, sorting all documents is the quicker way. */
const FEW = 1_000;

interface Ranked {
  readonly document: unknown;
  readonly keys: readonly unknown[];
}

type Order = (left: Ranked, right: Ranked) => number;

/**
 * Makes one stage of each `$sort` that a `$limit` follows, as a MongoDB server does, so that a few documents are found
 * in one pass, without sorting all of them.
 */
export function joinSortAndLimit(stages: readonly Stage[]): Stage[] {
  const joined: Stage[] = [];
  for (const stage of stages) {
    const sort = joined.at(-1)?.$sort;
    const limit = stage.$limit;
    if (isFields(sort) && typeof limit === 'number' && limit > 0 && limit <= FEW) {
      joined.pop();
      joined.push({ $firstOf: { sort, limit } });
    } else joined.push(stage);
  }
  return joined;
}

/** The stage that `joinSortAndLimit` makes. Documents that tie stay in the order in which they came. */
export function $firstOf(documents: Documents, { sort, limit }: Fields, _options: Options): Documents {
  if (!isFields(sort) || typeof limit !== 'number') throw new TypeError('$firstOf takes an order and how many');
  return documents.transform((all: unknown[]) => Lazy(firstOf(all, sort, limit)));
}

/**
 * Goes through the documents from their end: they mostly stand in the order in which they were written and the newest
 * are mostly asked for, so that the first few seen are those kept, and each of the others costs one comparison.
 */
function firstOf(documents: readonly unknown[], sort: Fields, limit: number): unknown[] {
  const paths = Object.keys(sort);
  const readers = paths.map(fieldReader);
  const order = orderBy(paths.map((path) => (sort[path] === -1 ? -1 : 1)));
  const kept: Ranked[] = [];
  for (let index = documents.length - 1; index >= 0; index -= 1) {
    const document = documents[index];
    const candidate = { document, keys: readers.map((read) => read(document)) };
    const last = kept[limit - 1];
    if (last !== undefined && order(candidate, last) > 0) continue;
    kept.splice(placeOf(candidate, kept, order), 0, candidate);
    if (kept.length > limit) kept.pop();
  }
  return kept.map(({ document }) => document);
}

function orderBy(directions: readonly (1 | -1)[]): Order {
  return (left, right) => {
    for (let index = 0; index < directions.length; index += 1) {
      const order = compareValues(left.keys[index], right.keys[index]);
      if (order !== 0) return order * (directions[index] ?? 1);
    }
    return 0;
  };
}

/** Where a candidate belongs among those kept: before those that it ties with, since they came after it. */
function placeOf(candidate: Ranked, kept: readonly Ranked[], order: Order): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = kept[middle];
    if (other !== undefined && order(other, candidate) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
