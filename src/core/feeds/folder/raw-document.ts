import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { UNREADABLE } from '../raw-cell.ts';
import type { Document } from './document.ts';

const LARGEST_INT = 2 ** 31;

/** A document's fields in the order of the columns, the key first. */
export function rawRowOf(document: Document, [key = '', ...columns]: readonly string[]): RawRow {
  return [rawKeyOf(document[key]), ...columns.map((column) => rawField(document, column))];
}

/** Text unchanged; any other key as canonical extended JSON, so that every document has a key. */
export function rawKeyOf(key: unknown): RawCell {
  if (typeof key === 'string') return key;
  return JSON.stringify(canonical(key)) ?? 'null';
}

/** Inherited properties such as `constructor` are not fields. */
function rawField(document: Document, name: string): RawCell {
  const value = Object.hasOwn(document, name) ? document[name] : null;
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : UNREADABLE;
  if (value instanceof Date) return value.toISOString();
  return largeNumber(value) ?? UNREADABLE;
}

/** The digits of a whole number beyond 2^53; undefined for any other value. */
function largeNumber(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('$numberLong' in value)) return undefined;
  return typeof value.$numberLong === 'string' ? value.$numberLong : undefined;
}

/** https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/ */
function canonical(value: unknown): unknown {
  if (value instanceof Date) return { $date: { $numberLong: String(value.getTime()) } };
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (largeNumber(value) !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, canonical(inner)]));
}

function canonicalNumber(value: number): unknown {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { $numberDouble: String(value) };
  return Math.abs(value) < LARGEST_INT ? { $numberInt: String(value) } : { $numberLong: String(value) };
}
