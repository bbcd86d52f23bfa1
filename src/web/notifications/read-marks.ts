import { computed, signal } from '@preact/signals';
import type { Notification } from '../../client/index.ts';
import { keep, readKept } from '../app/preferences.ts';

const NAME = 'notifications-read';
/** More than the page shows. */
const MOST_KEPT = 200;

/** By id and instant: a server that lost its state counts its ids from 1 again. */
const markOf = ({ id, at }: Notification) => `${id} ${at}`;

/** The notifications that were read in this browser, those read last at the end. */
const marks = signal<ReadonlySet<string>>(new Set(keptMarks()));
export const isRead = computed(() => (notification: Notification) => marks.value.has(markOf(notification)));

export function markRead(notifications: readonly Notification[]): void {
  const latest = notifications.map(markOf);
  const earlier = [...marks.peek()].filter((mark) => !latest.includes(mark));
  marks.value = new Set([...earlier, ...latest].slice(-MOST_KEPT));
  keep(NAME, JSON.stringify([...marks.value]));
}

function keptMarks(): string[] {
  try {
    const kept: unknown = JSON.parse(readKept(NAME) ?? '[]');
    return Array.isArray(kept) ? kept.filter((mark) => typeof mark === 'string') : [];
  } catch {
    return [];
  }
}
