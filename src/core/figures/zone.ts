import type { Instant } from './calendar.ts';
import { type CalendarSpan, createPeriods, DAYS, MONTHS } from './periods.ts';

export type { CalendarSpan } from './periods.ts';

/**
 * Calendar days and months in a time zone, by the zone's rules at the time (contract, section 3).
 *
 * - A day starts at its first instant, which is not midnight if the clock was set forward over midnight.
 * - A skipped day, such as 2011-12-30 in Samoa, is not listed.
 * - If the clock was set back over midnight, as in Newfoundland until 2011, the new day starts once: the minutes that the
 *   clock showed twice belong to the new day the second time.
 *
 * Every method throws a RangeError for an instant that is not a whole number of milliseconds.
 */
export interface Calendar {
  /** IANA name, as the time zone database spells it. */
  readonly timeZone: string;
  /** `YYYY-MM-DD` of an instant. */
  dayOf(instant: Instant): string;
  /** `YYYY-MM` of an instant. */
  monthOf(instant: Instant): string;
  /** The last `count` days, ending with the day of `now`. Each ends where the next starts. */
  lastDays(now: Instant, count: number): CalendarSpan[];
  /** The last `count` months, ending with the month of `now`. Each ends where the next starts. */
  lastMonths(now: Instant, count: number): CalendarSpan[];
}

/** What figures depend on besides rows: one instant that counts as now, and the company's days and months. */
export interface AsOf {
  readonly now: Instant;
  readonly calendar: Calendar;
}

/**
 * @param timeZone an IANA name in any letter case, such as `America/Sao_Paulo`
 * @throws RangeError if there is no such time zone
 */
export function createCalendar(timeZone: string): Calendar {
  const canonical = canonicalTimeZone(timeZone);
  const days = createPeriods(canonical, DAYS);
  const months = createPeriods(canonical, MONTHS);
  return {
    timeZone: canonical,
    dayOf: days.nameOf,
    monthOf: months.nameOf,
    lastDays: days.last,
    lastMonths: months.last,
  };
}

/**
 * A time zone's name as the time zone database spells it.
 *
 * A plain offset such as `-03:00` is refused: it is not an IANA name, and not every browser accepts it as a time zone.
 *
 * @throws RangeError if there is no such time zone
 */
export function canonicalTimeZone(name: string): string {
  if (!/^[A-Za-z]/.test(name)) throw new RangeError(`${JSON.stringify(name)} is not a time zone`);
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
}
