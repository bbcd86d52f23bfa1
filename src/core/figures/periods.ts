import type { Instant } from './calendar.ts';

/** A calendar day or month. */
export interface CalendarSpan {
  /** `YYYY-MM-DD` of a day, `YYYY-MM` of a month. */
  readonly name: string;
  readonly from: Instant;
  /** The first instant of the next one. */
  readonly before: Instant;
}

/** A unit of a calendar. */
interface Unit {
  /** The first day of the period that a date belongs to. */
  firstDayOf(date: Temporal.PlainDate): Temporal.PlainDate;
  readonly length: Readonly<{ days: number }> | Readonly<{ months: number }>;
  nameOf(firstDay: Temporal.PlainDate): string;
}

export const DAYS: Unit = {
  firstDayOf: (date) => date,
  length: { days: 1 },
  nameOf: (firstDay) => firstDay.toString(),
};

export const MONTHS: Unit = {
  firstDayOf: (date) => date.with({ day: 1 }),
  length: { months: 1 },
  nameOf: (firstDay) => firstDay.toPlainYearMonth().toString(),
};

/** The days or the months of a time zone. */
interface Periods {
  /** The name of the period that an instant belongs to. */
  nameOf(instant: Instant): string;
  /** The last `count` periods, ending with the period of `now`. */
  last(now: Instant, count: number): CalendarSpan[];
}

interface Period {
  readonly firstDay: Temporal.PlainDate;
  readonly span: CalendarSpan;
}

/** @param timeZone a name that `canonicalTimeZone` returned */
export function createPeriods(timeZone: string, unit: Unit): Periods {
  // Temporal returns the first instant of the date; for a skipped date, that of the next one.
  const startOf = (firstDay: Temporal.PlainDate): Instant => firstDay.toZonedDateTime(timeZone).epochMilliseconds;

  const containing = (instant: Instant): Period => {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
    let firstDay = unit.firstDayOf(local);
    let next = firstDay.add(unit.length);
    // If the clock was set back over midnight, it shows a date again that has ended.
    while (startOf(next) <= instant) {
      firstDay = next;
      next = firstDay.add(unit.length);
    }
    return { firstDay, span: { name: unit.nameOf(firstDay), from: startOf(firstDay), before: startOf(next) } };
  };

  const preceding = ({ firstDay, span }: Period): Period => {
    let earlier = firstDay.subtract(unit.length);
    // A skipped period starts at the same instant as the next one.
    while (startOf(earlier) === span.from) earlier = earlier.subtract(unit.length);
    return { firstDay: earlier, span: { name: unit.nameOf(earlier), from: startOf(earlier), before: span.from } };
  };

  // A cache, since many figures need the same days: the periods up to the last `now`, newest first, as many as were
  // requested at most.
  let recent: Period[] = [];
  let latest: Period | undefined;

  return {
    nameOf(instant) {
      if (latest === undefined || !contains(latest.span, instant)) latest = containing(instant);
      return latest.span.name;
    },

    last(now, count) {
      const [newest] = recent;
      if (newest === undefined || !contains(newest.span, now)) recent = [containing(now)];
      let oldest = recent.at(-1);
      while (oldest !== undefined && recent.length < count) {
        oldest = preceding(oldest);
        recent.push(oldest);
      }
      return recent
        .slice(0, count)
        .map(({ span }) => span)
        .reverse();
    },
  };
}

function contains({ from, before }: CalendarSpan, instant: Instant): boolean {
  return from <= instant && instant < before;
}
