import { DAY_MS, type Instant } from './calendar.ts';

/**
 * A span of time between two instants, both included.
 *
 * Its end is the first instant past it: SQL Server keeps digits finer than a millisecond, so that an instant
 * which reads as `now` may lie a little behind it, and `<= now` would miss it.
 */
export interface Span {
  readonly from: Instant;
  readonly before: Instant;
}

/** From `now` − `days` × 24 h to `now`. */
export function lastDaysTo(now: Instant, days: number): Span {
  return { from: now - days * DAY_MS, before: now + 1 };
}

/** From `now` to `now` + `days` × 24 h. */
export function nextDaysFrom(now: Instant, days: number): Span {
  return { from: now, before: now + days * DAY_MS + 1 };
}
