/**
 * Instants are milliseconds since 1970-01-01T00:00:00Z; calendar days and months are UTC (contract, section 3).
 */
export type Instant = number;

export const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of an instant. */
export function dayOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** `YYYY-MM` of an instant. */
export function monthOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 7);
}

/** ISO 8601 text with `Z`, milliseconds kept: the form in which every instant leaves. */
export function isoInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** ISO 8601 text of an instant that may be missing. */
export function isoInstantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : isoInstant(instant);
}

/** First instant of the UTC day of `now`, `daysBack` days earlier. */
export function startOfDay(now: Instant, daysBack = 0): Instant {
  return Math.floor(now / DAY_MS) * DAY_MS - daysBack * DAY_MS;
}

/** First instant of the UTC month of `now`, `monthsBack` months earlier. */
export function startOfMonth(now: Instant, monthsBack = 0): Instant {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBack, 1);
}

/** The last `count` calendar days with today, oldest first, as `YYYY-MM-DD`. */
export function lastDays(now: Instant, count: number): string[] {
  return Array.from({ length: count }, (_, index) => dayOf(startOfDay(now, count - 1 - index)));
}

/** The last `count` calendar months with this one, oldest first, as `YYYY-MM`. */
export function lastMonths(now: Instant, count: number): string[] {
  return Array.from({ length: count }, (_, index) => monthOf(startOfMonth(now, count - 1 - index)));
}

/** Whole 24-hour days that have passed since an instant; 0 for one that lies ahead. */
export function wholeDaysSince(instant: Instant, now: Instant): number {
  return Math.max(0, Math.floor((now - instant) / DAY_MS));
}
