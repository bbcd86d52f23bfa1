import type { Instant } from '../figures/calendar.ts';
import type { Notification } from './notification.ts';

/** A notification and the key of its occurrence. */
export interface KeptNotification {
  readonly key: string;
  readonly notification: Notification;
}

/** The content of the store when it was opened. */
export interface NotificationPast {
  /** The newest, oldest first, as many as can be listed. */
  readonly newest: readonly Notification[];
  /** The keys of all, with their ids, oldest first. */
  readonly keys: ReadonlyMap<string, number>;
  /** What each rule remembers, by the name under which it was kept. */
  readonly memories: ReadonlyMap<string, string>;
}

/** What is to be kept together, or not at all. */
export interface NotificationEntry {
  readonly rule: string;
  readonly memory: string;
  readonly notifications: readonly KeptNotification[];
  /** Notifications from before this instant may be forgotten. */
  readonly forgetBefore: Instant;
}

/** Where notifications, and what rules remember, outlive the process. */
export interface NotificationStore {
  readonly past: NotificationPast;
  /**
   * Resolves once the entry would survive the end of the process.
   *
   * @throws SourceError if it cannot be written
   */
  keep(entry: NotificationEntry): Promise<void>;
}

/**
 * The same store for sources that are made anew at each start, such as demo data in memory: what was kept of the last ones
 * can still be listed, but claim 17 of those is not claim 17 of these.
 *
 * @param since when the new sources began
 */
export function forNewSources(store: NotificationStore, since: Instant): NotificationStore {
  const { newest, keys } = store.past;
  return {
    // Ids go on from the old ones.
    past: { newest, keys: new Map([...keys].map(([key, id]) => [`before ${since}, ${key}`, id])), memories: new Map() },
    keep: ({ notifications, ...entry }) =>
      store.keep({
        ...entry,
        notifications: notifications.map(({ key, notification }) => ({ key: `since ${since}, ${key}`, notification })),
      }),
  };
}
