import { DAY_MS, HOUR_MS, type Instant } from '../../core/figures/calendar.ts';
import type { ClaimAges, ClaimsRepository } from './repository.ts';

type Repository = Pick<ClaimsRepository, 'ages' | 'openedBetween' | 'openedAfter'>;

/**
 * The sum of the whole 24-hour days since opening, by status, without reading claim by claim.
 *
 * Let now be Q days and R milliseconds, and the opening q days and r milliseconds. Then floor((now − opening) ÷ day) is
 * Q − q, minus 1 if r > R. The rollup keeps the sums of q by the hour of r, so that only claims in the hour of R are read.
 * A claim opened later than now is 0 days old: the negative days that the formula gives it are subtracted.
 */
export function sumDaysOpen(repository: Repository, now: Instant): Map<number | null, number> {
  const sums = new Map<number | null, number>();
  const add = (status: number | null, days: number) => sums.set(status, (sums.get(status) ?? 0) + days);
  const [today, time] = splitInstant(now);
  const hour = Math.floor(time / HOUR_MS);
  for (const ages of repository.ages()) add(ages.Status, daysAtHour(ages, today, hour));
  for (const { Status, count } of repository.openedBetween(time, (hour + 1) * HOUR_MS)) add(Status, -count);
  for (const { Status, DataCreated } of repository.openedAfter(now)) add(Status, -flooredDays(DataCreated, now));
  return sums;
}

/** One day less for each claim opened in a later hour of the day. */
function daysAtHour({ hour, count, days }: ClaimAges, today: number, hourOfNow: number): number {
  return count * today - days - (hour > hourOfNow ? count : 0);
}

function flooredDays(opened: Instant, now: Instant): number {
  return Math.floor((now - opened) / DAY_MS);
}

/** The number of the UTC day, and the milliseconds since its midnight. */
function splitInstant(instant: Instant): [day: number, time: number] {
  const day = Math.floor(instant / DAY_MS);
  return [day, instant - day * DAY_MS];
}
