import type { RawCell } from '../../mirror/mirror-writer.ts';

/** What no column allows. */
const NO_VALUE = {};

/** A value as SQLite has it, in a form that JSON holds. */
export function rawCellOf(value: unknown): RawCell {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : NO_VALUE;
}
