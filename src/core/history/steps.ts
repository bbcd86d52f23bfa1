import { DAY_MS, HOUR_MS, type Instant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import type { HistoryStep } from './history-question.ts';

export const MINUTE_MS = 60_000;

/** A step of a period. */
export interface Step {
  readonly from: Instant;
  /** The first instant of the next step. */
  readonly before: Instant;
}

/** The steps of a period, and as many steps right before them. */
export interface PeriodSteps {
  readonly steps: readonly Step[];
  readonly previous: readonly Step[];
}

export interface Period {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
  readonly step: HistoryStep;
}

/**
 * The steps that begin in a period; the step of `from` if none does. So 24 hours up to now are 1,440 minutes, the last of
 * which is the current one.
 *
 * Minutes and hours are those of UTC, days those of the calendar.
 */
export function stepsOf(period: Period, calendar: Calendar): PeriodSteps {
  return period.step === 'day' ? daysOf(period, calendar) : fixedSteps(period, lengthOf(period.step));
}

/** Milliseconds of a step. A day of a time zone may be an hour shorter or longer. */
export function lengthOf(step: HistoryStep): number {
  return { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS }[step];
}

function fixedSteps({ from, to }: Period, length: number): PeriodSteps {
  const begin = Math.ceil(from / length) * length;
  const first = begin < to ? begin : Math.floor(from / length) * length;
  const count = Math.max(1, Math.ceil((to - first) / length));
  const list = (start: Instant) =>
    Array.from({ length: count }, (_, index) => {
      const stepStart = start + index * length;
      return { from: stepStart, before: stepStart + length };
    });
  return { steps: list(first), previous: list(first - count * length) };
}

function daysOf({ from, to }: Period, calendar: Calendar): PeriodSteps {
  const atMost = Math.ceil((to - from) / DAY_MS) + 2;
  // One list for both periods: the calendar remembers the days of its last list.
  const days = calendar.lastDays(to - 1, 2 * atMost);
  const begun = days.findIndex((day) => day.from >= from);
  const first = begun < 0 ? days.length - 1 : begun;
  const steps = days.slice(first);
  return { steps, previous: days.slice(first - steps.length, first) };
}
