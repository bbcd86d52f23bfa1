import { DAY_MS, type Instant } from './calendar.ts';

/**
 * A span of time between two instants, both included.
 *
 * Represented by its start and the first millisecond after its end. SQL Server stores digits below the millisecond, so an
 * instant that reads as `now` may be slightly later, and `<= now` would miss it.
 */
export interface Span {
  readonly from: Instant;
  readonly before: Instant;
}

/** From `days` × 24 h before `now` to `now`. */
export function lastDaysTo(now: Instant, days: number): Span {
  return { from: now - days * DAY_MS, before: now + 1 };
}

/** From `now` to `days` × 24 h after it. */
export function nextDaysFrom(now: Instant, days: number): Span {
  return { from: now, before: now + days * DAY_MS + 1 };
}
