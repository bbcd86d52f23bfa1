import { MOST_KEPT } from '../../src/core/notifications/journal.ts';
import type {
  KeptNotification,
  NotificationEntry,
  NotificationStore,
} from '../../src/core/notifications/notification-store.ts';

/** A notification store that outlives its journals, as a file outlives a process. */
export interface KeptNotifications {
  readonly entries: readonly NotificationEntry[];
  /** The store as a starting process finds it. */
  open(): NotificationStore;
  /** Writes fail with this error unless it is null. */
  failWith(error: Error | null): void;
  /** From now on, writes wait until `release`. */
  hold(): void;
  release(): void;
}

export function keptNotifications(): KeptNotifications {
  const kept: KeptNotification[] = [];
  const entries: NotificationEntry[] = [];
  const memories = new Map<string, string>();
  let failure: Error | null = null;
  let gate = Promise.resolve();
  let release = () => {};
  return {
    entries,
    open: () => ({
      past: {
        newest: kept.slice(-MOST_KEPT).map(({ notification }) => notification),
        keys: new Map(kept.map(({ key, notification }) => [key, notification.id])),
        memories: new Map(memories),
      },
      async keep(entry) {
        entries.push(entry);
        await gate;
        if (failure !== null) throw failure;
        kept.push(...entry.notifications);
        memories.set(entry.rule, entry.memory);
      },
    }),
    failWith(error) {
      failure = error;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      release = resolve;
    },
    release: () => release(),
  };
}
