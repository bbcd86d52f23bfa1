/** Rules that more than one feature's figures share, word for word from the contract. */

/** Milliseconds. */
export const day = 24 * 60 * 60 * 1000;

/** `YYYY-MM-DD` in UTC. */
export function dateOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** `YYYY-MM` in UTC. */
export function monthOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 7);
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}

export function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : iso(instant);
}

/** The last `count` calendar days with today, oldest first. */
export function lastDates(now: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => dateOf(now - (count - 1 - index) * day));
}

/** The last `count` calendar months with this one, oldest first. */
export function lastMonths(now: number, count: number): string[] {
  const months: string[] = [];
  let year = new Date(now).getUTCFullYear();
  let month = new Date(now).getUTCMonth() + 1;
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
export function withinLastDays(instant: number, now: number, days: number): boolean {
  return now - days * day <= instant && instant <= now;
}

/** Whole 24-hour days; 0 for an instant that lies ahead. */
export function wholeDaysSince(instant: number, now: number): number {
  return instant > now ? 0 : Math.floor((now - instant) / day);
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
