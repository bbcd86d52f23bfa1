import { type Observable, Subject } from 'rxjs';
import { DAY_MS, type Instant, isoInstant } from '../figures/calendar.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Comparison } from '../runtime/notification-rule.ts';
import { createSerialQueue } from '../runtime/serial-queue.ts';
import type { Notification } from './notification.ts';
import type { KeptNotification, NotificationStore } from './notification-store.ts';

/** How long notifications are kept. */
const KEPT_DAYS = 30;
/** At most so many are kept. */
export const MOST_KEPT = 10_000;

/** The result of a rule. */
export interface Finding extends Comparison {
  /** The hub that its notifications are about. */
  readonly hub: string;
  /** Names the rule and its subject: each subject has a memory of its own. */
  readonly rule: string;
}

/** All notifications, and the memories of rules. */
export interface Journal {
  /** Each notification once it is stored, in the order of ids. Hot; never errors. */
  readonly told: Observable<Notification>;
  /** The id of the newest; 0 before the first. */
  readonly lastId: number;
  /** The id of the oldest; null if there is none. */
  readonly oldestId: number | null;
  /** The newest with a greater id than `since`, newest first. */
  newest(limit: number, since?: number): Notification[];
  /** The oldest with a greater id than `since`, oldest first. */
  after(since: number, limit: number): Notification[];
  /** The memory of a rule; undefined before its first finding. */
  memory(rule: string): string | undefined;
  /** Stores the memory and sends a notification for each new occurrence. Does not wait and does not fail. */
  note(finding: Finding): void;
}

export interface JournalOptions {
  readonly store: NotificationStore;
  readonly clock: Clock;
  /** Receives storage errors; the notification is still sent. */
  readonly onError: (error: unknown) => void;
}

/**
 * A notification is stored before it is sent, in one write with the rule's memory: after a crash in between, the next start
 * finds it again. Ids are instants, increased if two would be equal, so that they grow even if the store is lost.
 */
export function createJournal({ store, clock, onError }: JournalOptions): Journal {
  const told = new Subject<Notification>();
  const memories = new Map(store.past.memories);
  const keys = new Map(store.past.keys);
  const listed = [...store.past.newest];
  let lastGivenId = Math.max(0, ...keys.values());
  const queue = createSerialQueue();

  const nameThem = ({ hub, rule, occurrences }: Finding, now: Instant): KeptNotification[] => {
    const named: KeptNotification[] = [];
    for (const { key, severity, title, message, data } of occurrences) {
      const wholeKey = `${rule}: ${key}`;
      if (keys.has(wholeKey)) continue;
      lastGivenId = Math.max(lastGivenId + 1, now);
      keys.set(wholeKey, lastGivenId);
      const notification = { id: lastGivenId, hub, severity, title, message, at: isoInstant(now), data };
      named.push({ key: wholeKey, notification });
    }
    return named;
  };

  /** The index of the first notification with a greater id. */
  const indexAfter = (since: number) => {
    let [start, end] = [0, listed.length];
    while (start < end) {
      const middle = (start + end) >> 1;
      if ((listed[middle]?.id ?? 0) > since) end = middle;
      else start = middle + 1;
    }
    return start;
  };

  const forgetKeys = (forgetBefore: Instant) => {
    for (const [key, id] of keys) {
      if (keys.size <= MOST_KEPT && id >= forgetBefore) break;
      keys.delete(key);
    }
  };

  const tell = (notifications: readonly KeptNotification[], forgetBefore: Instant) => {
    for (const { notification } of notifications) {
      listed.push(notification);
      told.next(notification);
    }
    // Ids are instants.
    listed.splice(0, Math.max(listed.length - MOST_KEPT, indexAfter(forgetBefore - 1)));
  };

  return {
    told: told.asObservable(),
    get lastId() {
      return listed.at(-1)?.id ?? 0;
    },
    get oldestId() {
      return listed[0]?.id ?? null;
    },
    newest: (limit, since = 0) => listed.slice(Math.max(indexAfter(since), listed.length - limit)).reverse(),
    after: (since, limit) => {
      const start = indexAfter(since);
      return listed.slice(start, start + limit);
    },
    memory: (rule) => memories.get(rule),
    note(finding) {
      const { rule, memory } = finding;
      const now = clock.now();
      const notifications = nameThem(finding, now);
      if (notifications.length === 0 && memories.get(rule) === memory) return;
      memories.set(rule, memory);
      const forgetBefore = now - KEPT_DAYS * DAY_MS;
      forgetKeys(forgetBefore);
      const kept = store.keep({ rule, memory, notifications, forgetBefore }).catch(onError);
      void queue(async () => {
        await kept;
        tell(notifications, forgetBefore);
      });
    },
  };
}
