import type { Iterator as Documents } from 'mingo/lazy';
import { $match as $matchAnything } from 'mingo/operators/pipeline';
import { Query } from 'mingo/query';
import type { Options } from 'mingo/types';
import { type Fields, isFields } from './fields.ts';

/** From an instant on, up to one that is no longer in it. */
interface Window {
  readonly from: number;
  readonly before: number;
}

interface FieldWindow extends Window {
  readonly field: string;
}

/**
 * `$match` with a short way for what figures mostly ask for, a window of time: a field that holds an instant is
 * compared as a number, an array is left to mingo's own rules, and nothing else can match. Any other condition is
 * mingo's altogether.
 */
export function $match(documents: Documents, spec: Fields, options: Options): Documents {
  const windows = Object.entries(spec).flatMap(([field, condition]) => windowOf(field, condition) ?? []);
  if (windows.length === 0 || windows.length < Object.keys(spec).length)
    return $matchAnything(documents, spec, options);
  const query = new Query<Fields>(spec, options);
  return documents.filter((document: Fields) => {
    for (const { field, from, before } of windows) {
      const value = document[field];
      if (Array.isArray(value)) return query.test(document);
      if (!(value instanceof Date)) return false;
      const instant = value.getTime();
      if (!(instant >= from && instant < before)) return false;
    }
    return true;
  });
}

/** The window that a condition stands for, if it is made of nothing but bounds and the refusal of arrays. */
function windowOf(field: string, condition: unknown): FieldWindow | undefined {
  if (!isFields(condition) || field.includes('.') || field.startsWith('$')) return undefined;
  const windows = Object.entries(condition)
    .filter(([operator, operand]) => !refusesArrays(operator, operand))
    .map(([operator, operand]) => (operand instanceof Date ? bounds[operator]?.(operand.getTime()) : undefined));
  if (windows.length === 0) return undefined;
  let window = ALWAYS;
  for (const next of windows) {
    if (next === undefined) return undefined;
    window = { from: Math.max(window.from, next.from), before: Math.min(window.before, next.before) };
  }
  return { field, ...window };
}

const ALWAYS: Window = { from: Number.NEGATIVE_INFINITY, before: Number.POSITIVE_INFINITY };

const bounds: Readonly<Record<string, (instant: number) => Window>> = {
  $gte: (instant) => ({ ...ALWAYS, from: instant }),
  $gt: (instant) => ({ ...ALWAYS, from: instant + 1 }),
  $lt: (instant) => ({ ...ALWAYS, before: instant }),
  $lte: (instant) => ({ ...ALWAYS, before: instant + 1 }),
};

function refusesArrays(operator: string, operand: unknown): boolean {
  return operator === '$not' && isFields(operand) && operand.$type === 'array' && Object.keys(operand).length === 1;
}
