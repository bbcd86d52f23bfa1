import { dateIn } from './zones.ts';

/**
 * Rules that more than one feature's figures share, word for word from the contract. A null instant is one that is
 * missing or cannot be read: it is in no day, month or window, and 0 days old.
 */

/** Milliseconds. */
export const day = 24 * 60 * 60 * 1000;

/** `YYYY-MM-DD` in the time zone; null for no instant. */
export function dateOf(instant: number | null, zone: string): string | null {
  return instant === null ? null : dateIn(zone, instant);
}

/** `YYYY-MM` in the time zone; null for no instant. */
export function monthOf(instant: number | null, zone: string): string | null {
  return instant === null ? null : dateIn(zone, instant).slice(0, 7);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/** As dates leave: null for no instant. */
export function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : iso(instant);
}

/** The last `count` calendar days with today, oldest first: those that a look every six hours meets. */
export function lastDates(now: number, count: number, zone: string): string[] {
  const dates = new Set<string>();
  for (let instant = now; dates.size < count; instant -= day / 4) dates.add(dateIn(zone, instant));
  return [...dates].reverse();
}

/** The last `count` calendar months with this one, oldest first. */
export function lastMonths(now: number, count: number, zone: string): string[] {
  const months: string[] = [];
  let [year = 0, month = 0] = dateIn(zone, now).split('-').map(Number);
  while (months.length < count) {
    months.unshift(`${year}-${String(month).padStart(2, '0')}`);
    month -= 1;
    if (month === 0) {
      month = 12;
      year -= 1;
    }
  }
  return months;
}

/** "Last n days" as an instant: both ends included. */
export function withinLastDays(instant: number | null, now: number, days: number): boolean {
  return instant !== null && now - days * day <= instant && instant <= now;
}

/** Whole 24-hour days; 0 for an instant that lies ahead. */
export function wholeDaysSince(instant: number | null, now: number): number {
  return instant === null || instant > now ? 0 : Math.floor((now - instant) / day);
}

/** Rows without an instant last. */
export function newestFirst<Row>(instantOf: (row: Row) => number | null): (left: Row, right: Row) => number {
  return (left, right) => {
    const [first, second] = [instantOf(left), instantOf(right)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return second - first;
  };
}

/** Code-unit order, ascending. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rows in the order of the first comparison that tells them apart. */
export function sorted<Row>(rows: readonly Row[], ...comparisons: ((left: Row, right: Row) => number)[]): Row[] {
  return [...rows].sort((left, right) => {
    for (const comparison of comparisons) {
      const order = comparison(left, right);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Rows by a key, in the order in which the keys first occur. */
export function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): [Key, Row[]][] {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups];
}
