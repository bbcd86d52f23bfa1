import { computed, signal } from '@preact/signals';
import type { Notification } from '../../client/index.ts';
import { keep, readKept } from '../app/preferences.ts';

const NAME = 'notifications-read';
/** More than the page shows. */
const MOST_KEPT = 200;

/** The notifications that were read in this browser, by id. */
const readIds = signal<ReadonlySet<number>>(new Set(keptIds()));
export const isRead = computed(() => (notification: Notification) => readIds.value.has(notification.id));

export function markRead(notifications: readonly Notification[]): void {
  const ids = [...new Set([...readIds.peek(), ...notifications.map(({ id }) => id)])];
  readIds.value = new Set(ids.sort((left, right) => right - left).slice(0, MOST_KEPT));
  keep(NAME, JSON.stringify([...readIds.value]));
}

function keptIds(): number[] {
  try {
    const kept: unknown = JSON.parse(readKept(NAME) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'number') : [];
  } catch {
    return [];
  }
}
