import { DAY_MS, type Instant } from '../../core/figures/calendar.ts';
import type { Random } from './random.ts';

/**
 * When events happen at the company: more from year to year, less on weekends and at night, most in November.
 */
export interface Rhythm {
  /**
   * `count` instants, oldest first, all before the anchor. A few equal their predecessor, like rows that were imported
   * together.
   */
  instants(random: Random, count: number): Float64Array;
}

const HOUR_MS = 3_600_000;
export const COMPANY_DAYS = 3 * 365 + 1;

/** Brasília is three hours behind UTC all year round. */
const LOCAL_OFFSET_HOURS = -3;

/** Three years ago the company was a quarter of what it is today. */
const FIRST_LEVEL = 0.25;

/** Sunday first. */
const WEEKDAY_LEVELS = [0.85, 1.08, 1.1, 1.06, 1, 0.95, 0.78] as const;
const HOUR_LEVELS = [
  0.35, 0.2, 0.12, 0.08, 0.06, 0.1, 0.25, 0.55, 0.9, 1.15, 1.35, 1.4, 1.2, 1.15, 1.25, 1.25, 1.2, 1.15, 1.2, 1.4, 1.6,
  1.55, 1.2, 0.7,
] as const;
/** January first. */
const MONTH_LEVELS = [1.15, 0.95, 1.05, 1, 0.98, 0.95, 1.02, 1.03, 1, 1.02, 1.3, 0.85] as const;
const TIE_SHARE = 1 / 300;

/**
 * @param days how far back it goes; default: the company's whole life
 * @param firstLevel activity at the beginning, relative to today's
 */
export function createRhythm(anchor: Instant, days = COMPANY_DAYS, firstLevel = FIRST_LEVEL): Rhythm {
  const hours = days * 24;
  const firstHour = Math.floor(anchor / HOUR_MS) - hours + 1;
  /** Cumulative activity at the beginning of each hour, and at the anchor. */
  const activity = new Float64Array(hours + 1);
  for (let hour = 0; hour < hours; hour++) {
    const age = hour / hours;
    const lived = hour === hours - 1 ? (anchor % HOUR_MS) / HOUR_MS : 1;
    const level = (firstLevel + (1 - firstLevel) * age * age) * seasonOf(firstHour + hour) * lived;
    activity[hour + 1] = (activity[hour] ?? 0) + level;
  }
  const total = activity[hours] ?? 0;

  /** The instant within an hour at which the cumulative activity reaches a value. */
  const instantIn = (hour: number, reached: number): Instant => {
    const start = (firstHour + hour) * HOUR_MS;
    const before = activity[hour] ?? 0;
    const width = (activity[hour + 1] ?? total) - before;
    const share = width > 0 ? (reached - before) / width : 0;
    return start + Math.floor(share * Math.min(HOUR_MS, anchor - start));
  };

  return {
    instants(random, count) {
      const instants = new Float64Array(count);
      let hour = 0;
      let last = 0;
      for (let index = 0; index < count; index++) {
        const reached = ((index + random.fraction()) / count) * total;
        while (hour < hours - 1 && (activity[hour + 1] ?? total) <= reached) hour++;
        if (index === 0 || !random.chance(TIE_SHARE)) last = instantIn(hour, reached);
        instants[index] = last;
      }
      return instants;
    },
  };
}

function seasonOf(hourSince1970: number): number {
  const localHour = hourSince1970 + LOCAL_OFFSET_HOURS;
  const day = Math.floor(localHour / 24);
  const month = new Date(day * DAY_MS).getUTCMonth();
  return (WEEKDAY_LEVELS[(day + 4) % 7] ?? 1) * (HOUR_LEVELS[localHour - day * 24] ?? 1) * (MONTH_LEVELS[month] ?? 1);
}

/** How many of the sorted instants lie at or before `instant`. */
export function countUntil(instants: Float64Array, instant: Instant): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? 0) <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same for instants in ascending order: each search continues where the last one ended. */
export function countingUntil(instants: Float64Array): (instant: Instant) => number {
  let count = 0;
  return (instant) => {
    while (count < instants.length && (instants[count] ?? 0) <= instant) count++;
    return count;
  };
}
