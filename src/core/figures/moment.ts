import type { Instant } from './calendar.ts';
import type { Calendar } from './zone.ts';

/** What figures are functions of, beside rows: the one instant that is "now", and the company's days and months. */
export interface Moment {
  readonly now: Instant;
  readonly calendar: Calendar;
}
