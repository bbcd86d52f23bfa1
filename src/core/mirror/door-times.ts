import { DAY_MS } from '../figures/calendar.ts';

/** Parses instants and durations as databases and people write them. */

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** The range of `datetime2`. */
const FIRST_INSTANT = Date.UTC(2000, 0, 1) - 730_119 * DAY_MS;
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Parses ISO 8601 text with `T` or a space, and `Z`, an offset or neither (UTC), to milliseconds since 1970. Digits below the
 * millisecond are cut off. Undefined for text that is not a date, such as `31/12/2025` or February 30.
 */
export function readInstant(text: string): number | undefined {
  const parts = INSTANT.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset = 'Z'] = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const shift = readOffset(offset);
  if (shift === undefined) return undefined;
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const instant = date.getTime() + time + Number(fraction.slice(0, 3).padEnd(3, '0')) - shift;
  return instant < FIRST_INSTANT || instant > LAST_INSTANT ? undefined : instant;
}

/** Milliseconds east of UTC. */
function readOffset(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

const DURATION = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7})0*)?)?$/;

/** Durations count units of 100 ns, the precision of `time(7)`. */
export const TICKS_A_SECOND = 10_000_000;

/** Parses `HH:MM:SS` with up to seven decimals, below 24 hours, to ticks; undefined for any other text. */
export function readDuration(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null) return undefined;
  const [, hours, minutes, seconds = '0', fraction = ''] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return (
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * TICKS_A_SECOND + Number(fraction.padEnd(7, '0'))
  );
}
