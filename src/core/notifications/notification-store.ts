import type { Instant } from '../figures/calendar.ts';
import type { Notification } from './notification.ts';

/** A notification and the key of its occurrence. */
export interface KeptNotification {
  readonly key: string;
  readonly notification: Notification;
}

/** The content of the store at the time it was opened. */
export interface NotificationPast {
  /** The newest notifications that can be listed, oldest first. */
  readonly newest: readonly Notification[];
  /** The id of each notification by its key, oldest first. */
  readonly keys: ReadonlyMap<string, number>;
  /** The memory of each rule by its name. */
  readonly memories: ReadonlyMap<string, string>;
}

/** Written in one transaction. */
export interface NotificationEntry {
  readonly rule: string;
  readonly memory: string;
  readonly notifications: readonly KeptNotification[];
  /** Older notifications may be deleted. */
  readonly forgetBefore: Instant;
}

/** Keeps notifications and the memories of rules across restarts. */
export interface NotificationStore {
  readonly past: NotificationPast;
  /**
   * Resolves once the entry survives a crash of the process.
   *
   * @throws SourceError if it cannot be written
   */
  keep(entry: NotificationEntry): Promise<void>;
}

/**
 * The same store for sources that are generated again at each start, such as demo data in memory. Earlier notifications can
 * still be listed, but claim 17 of an earlier start is not claim 17 of this one.
 *
 * @param since when the sources were generated
 */
export function forNewSources(store: NotificationStore, since: Instant): NotificationStore {
  const { newest, keys } = store.past;
  return {
    // New ids continue after the old ones.
    past: { newest, keys: new Map([...keys].map(([key, id]) => [`before ${since}, ${key}`, id])), memories: new Map() },
    keep: ({ notifications, ...entry }) =>
      store.keep({
        ...entry,
        notifications: notifications.map(({ key, notification }) => ({ key: `since ${since}, ${key}`, notification })),
      }),
  };
}
