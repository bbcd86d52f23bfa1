import type { RawCell } from '../../mirror/mirror-writer.ts';
import { UNREADABLE, wholeNumber } from '../raw-cell.ts';

/** A value of SQLite as JSON can hold it. */
export function rawCellOf(value: unknown): RawCell {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'bigint') return wholeNumber(String(value));
  return typeof value === 'number' && Number.isFinite(value) ? value : UNREADABLE;
}
