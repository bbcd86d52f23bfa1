import { compare, resolve } from 'mingo/util';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Reads the value at a dotted path; null where there is none, since sorting and grouping take both for the same. */
export function fieldReader(path: string): (document: unknown) => unknown {
  if (path.includes('.') || path in Object.prototype) {
    return (document) => (isFields(document) ? (resolve(document, path) ?? null) : null);
  }
  return (document) => (isFields(document) ? (document[path] ?? null) : null);
}

/** MongoDB's order of values, with a short way for the types that figures are made of. */
export function compareValues(left: unknown, right: unknown): number {
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return compare(left, right);
}
