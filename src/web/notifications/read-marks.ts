import { computed, effect, signal } from '@preact/signals';
import type { Notification } from '../../client/index.ts';
import { followKept, keep, readKept } from '../app/preferences.ts';
import type { Live } from '../live/live.ts';
import { notificationKey } from '../live/live.ts';

const NAME = 'notifications-read';
const FIRST_VISIT = 'notifications-first-visit';
/** More than the page shows. */
const MOST_KEPT = 200;

/** The notifications that were read in this browser, those read last at the end. */
const marks = signal<ReadonlySet<string>>(new Set(keptMarks()));
/** Milliseconds since 1970: what happened before the first visit counts as read. */
const firstVisit = signal(Number(readKept(FIRST_VISIT) ?? 0));

export const isRead = computed(
  () => (notification: Notification) =>
    Date.parse(notification.at) <= firstVisit.value || marks.value.has(notificationKey(notification)),
);

export function markRead(notifications: readonly Notification[]): void {
  const latest = notifications.map(notificationKey);
  // Another tab may have stored marks since.
  const earlier = [...keptMarks(), ...marks.peek()].filter((mark) => !latest.includes(mark));
  marks.value = new Set([...new Set([...earlier, ...latest])].slice(-MOST_KEPT));
  keep(NAME, JSON.stringify([...marks.value]));
}

/** Takes over what other tabs mark as read. At a first visit, all that is history counts as read. */
export function followReadMarks(live: Live): void {
  followKept((name) => {
    if (name === NAME) marks.value = new Set(keptMarks());
    if (name === FIRST_VISIT) firstVisit.value = Number(readKept(FIRST_VISIT) ?? 0);
  });
  if (readKept(FIRST_VISIT) !== null) return;
  effect(() => {
    const instants = Object.values(live.baselines).map(({ value }) => Date.parse(value?.at ?? ''));
    const latest = Math.max(live.historyUntil.value, ...instants.filter(Number.isFinite));
    if (latest <= firstVisit.peek()) return;
    firstVisit.value = latest;
    keep(FIRST_VISIT, String(latest));
  });
}

function keptMarks(): string[] {
  try {
    const kept: unknown = JSON.parse(readKept(NAME) ?? '[]');
    return Array.isArray(kept) ? kept.filter((mark) => typeof mark === 'string') : [];
  } catch {
    return [];
  }
}
