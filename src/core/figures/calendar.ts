/**
 * Milliseconds since 1970-01-01T00:00:00Z. Calendar days and months depend on a time zone, see zone.ts.
 */
export type Instant = number;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** ISO 8601 text with milliseconds and `Z`, the format of every instant in the API. */
export function isoInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** ISO 8601 text of an instant that may be missing. */
export function isoInstantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : isoInstant(instant);
}

/** Whole 24-hour days since an instant; 0 if it is in the future. */
export function wholeDaysSince(instant: Instant, now: Instant): number {
  return Math.max(0, Math.floor((now - instant) / DAY_MS));
}
