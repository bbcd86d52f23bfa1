import { type Instant, isoInstant } from '../figures/calendar.ts';
import type { Comparison, Occurrence } from '../runtime/notification-rule.ts';
import type { FailingPasses } from './outlet-state.ts';
import type { OutletStatus } from './outlet-status.ts';

/** The memory while an outlet works, and before the first comparison. While it is broken, the memory is since when. */
export const OUTLET_WORKS = 'works';

/** An outlet that fails less often in a row has a hiccup. */
const PASSES_UNTIL_BROKEN = 3;

/**
 * Reports once when an outlet breaks and once when it is back. It is broken at once when it gave up for now, refused or
 * without requests left, else when three passes failed in a row.
 *
 * @param memory what the last comparison remembered
 */
export function compareOutlet(memory: string, status: OutletStatus, now: Instant): Comparison {
  const brokenAt = /^\d+$/.test(memory) ? Number(memory) : null;
  const { failing, lastSuccess } = status;
  if (brokenAt === null) {
    return failing === null || !isBroken(status, failing)
      ? { memory, occurrences: [] }
      : { memory: String(failing.since), occurrences: [brokenOccurrence(status, failing)] };
  }
  // After a restart nothing fails until the first pass has.
  const isBack = failing === null && lastSuccess !== null && lastSuccess > brokenAt;
  return isBack
    ? { memory: OUTLET_WORKS, occurrences: [backOccurrence(status, brokenAt, now)] }
    : { memory, occurrences: [] };
}

function isBroken({ activity }: OutletStatus, { passes }: FailingPasses): boolean {
  return activity === 'refused' || activity === 'budget-spent' || passes >= PASSES_UNTIL_BROKEN;
}

function brokenOccurrence({ outlet, title, activity }: OutletStatus, { since, reason }: FailingPasses): Occurrence {
  const isRefused = activity === 'refused';
  return {
    key: `broken ${since}`,
    severity: isRefused ? 'critical' : 'warning',
    title: `${title.en} is not kept up to date`,
    message: reason + whatToDo(outlet, activity),
    data: { outlet, reason, isRefused, brokenAt: isoInstant(since) },
  };
}

function whatToDo(outlet: string, activity: OutletStatus['activity']): string {
  switch (activity) {
    case 'refused':
      return `. It is not tried again: correct that, then POST /api/outlets/${outlet}/sync, or start the server again`;
    case 'budget-spent':
      return '. It goes on with the next month, or when the server is started with a higher limit';
    default:
      return '';
  }
}

function backOccurrence({ outlet, title }: OutletStatus, brokenAt: Instant, now: Instant): Occurrence {
  const seconds = Math.max(0, Math.round((now - brokenAt) / 1_000));
  return {
    key: `back ${brokenAt}`,
    severity: 'info',
    title: `${title.en} is up to date again`,
    message: `It was behind for ${Math.max(1, Math.round(seconds / 60))} min`,
    data: { outlet, brokenAt: isoInstant(brokenAt), seconds },
  };
}
