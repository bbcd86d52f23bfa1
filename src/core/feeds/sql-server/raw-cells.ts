import type { RawCell } from '../../mirror/mirror-writer.ts';
import type { ResultColumn } from './requests.ts';

/** Units of 100 ns, the precision of `time(7)`. */
const UNITS_PER_MS = 10_000;

/**
 * Converts a value of the driver for the door, which validates it. Never throws.
 *
 * A date becomes ISO text, cut off at the millisecond; a `time` becomes `HH:MM:SS.fffffff`. A `bigint` stays text, as the
 * driver returns it.
 */
export function rawCell(value: unknown, { isTime }: Pick<ResultColumn, 'isTime'>): RawCell {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return value.toString();
    case 'object':
      if (value instanceof Date) return isTime ? timeText(value) : instantText(value);
      return value;
    default:
      return null;
  }
}

function instantText(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The driver stores the digits below the millisecond in a property of the date, in seconds. */
function timeText(date: Date): string | null {
  const milliseconds = date.getTime();
  if (Number.isNaN(milliseconds)) return null;
  const finer = 'nanosecondsDelta' in date ? Math.round(Number(date.nanosecondsDelta) * 1e7) : 0;
  const units = String((milliseconds % 1000) * UNITS_PER_MS + finer).padStart(7, '0');
  return `${date.toISOString().slice('1970-01-01T'.length, -'.000Z'.length)}.${units}`;
}
