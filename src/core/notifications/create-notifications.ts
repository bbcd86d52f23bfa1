import { createJournal, type Journal } from './journal.ts';
import type { NotificationStore } from './notification-store.ts';
import { type WatchOptions, watchFeatures } from './watch-features.ts';
import { watchFeeds } from './watch-feeds.ts';

export interface NotificationsOptions extends Omit<WatchOptions, 'journal'> {
  readonly store: NotificationStore;
}

/**
 * A journal of everything that happens from now on, by the rules of the features and those about the sources. To be made
 * before the actors start; nothing more happens once they have stopped.
 */
export function createNotifications({ store, ...watched }: NotificationsOptions): Journal {
  const { clock, onError } = watched;
  const journal = createJournal({ store, clock, onError });
  watchFeatures({ ...watched, journal });
  watchFeeds({ ...watched, journal });
  return journal;
}
