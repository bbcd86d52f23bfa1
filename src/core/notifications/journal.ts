import { type Observable, Subject } from 'rxjs';
import { DAY_MS, type Instant, isoInstant } from '../figures/calendar.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Comparison } from '../runtime/notification-rule.ts';
import { reportFirst } from '../runtime/report-first.ts';
import { createSerialQueue } from '../runtime/serial-queue.ts';
import type { Notification } from './notification.ts';
import type { KeptNotification, NotificationStore } from './notification-store.ts';

/** Notifications older than this are dropped. */
const KEPT_DAYS = 30;
/** Beyond this number, the oldest are dropped. */
export const MOST_KEPT = 10_000;

/** The result of a rule. */
export interface Finding extends Comparison {
  /** The hub that its notifications belong to. */
  readonly hub: string;
  /** The name of the rule and its subject: each subject has its own memory. */
  readonly rule: string;
}

/** The recent notifications, and what each rule remembers. */
export interface Journal {
  /** Each notification once it is stored, in the order of ids. Hot; never errors. */
  readonly published: Observable<Notification>;
  /** The id of the newest; 0 before the first. */
  readonly lastId: number;
  /** The id of the oldest; null if there is none. */
  readonly oldestId: number | null;
  /** The newest `limit` notifications, newest first. */
  newest(limit: number): Notification[];
  /** The oldest `limit` notifications with an id above `since`, oldest first. */
  after(since: number, limit: number): Notification[];
  /** The memory of a rule; undefined before its first finding. */
  memory(rule: string): string | undefined;
  /** Stores the memory, and publishes a notification for each new occurrence. Returns at once and never throws. */
  note(finding: Finding): void;
}

export interface JournalOptions {
  readonly store: NotificationStore;
  readonly clock: Clock;
  /** Receives the first of several storage errors in a row; the notifications are still sent. */
  readonly onError: (error: unknown) => void;
}

/**
 * A notification is stored before it is published, in one transaction with the rule's memory: after a crash in between, the
 * rule finds it again at the next start.
 */
export function createJournal({ store, clock, onError }: JournalOptions): Journal {
  const published = new Subject<Notification>();
  const memories = new Map(store.past.memories);
  const ids = new OccurrenceIds(store.past.keys);
  const recent = new RecentNotifications(store.past.newest);
  const queue = createSerialQueue();
  const storage = reportFirst(onError);

  return {
    published: published.asObservable(),
    get lastId() {
      return recent.lastId;
    },
    get oldestId() {
      return recent.oldestId;
    },
    newest: (limit) => recent.newest(limit),
    after: (since, limit) => recent.after(since, limit),
    memory: (rule) => memories.get(rule),
    note(finding) {
      const { rule, memory } = finding;
      const now = clock.now();
      const notifications = newNotifications(finding, now, ids);
      if (notifications.length === 0 && memories.get(rule) === memory) return;
      memories.set(rule, memory);
      const forgetBefore = now - KEPT_DAYS * DAY_MS;
      ids.forget(forgetBefore);
      const kept = store.keep({ rule, memory, notifications, forgetBefore }).then(storage.worked, storage.failed);
      void queue(async () => {
        await kept;
        for (const { notification } of notifications) {
          recent.add(notification);
          published.next(notification);
        }
        recent.forget(forgetBefore);
      });
    },
  };
}

/** A notification for each occurrence that has none yet. */
function newNotifications({ hub, rule, occurrences }: Finding, now: Instant, ids: OccurrenceIds): KeptNotification[] {
  return occurrences.flatMap(({ key: occurrence, severity, title, message, data }) => {
    const key = `${rule}: ${occurrence}`;
    const id = ids.assign(key, now);
    return id === null ? [] : [{ key, notification: { id, hub, severity, title, message, at: isoInstant(now), data } }];
  });
}

/**
 * The ids of the occurrences that were notified, oldest first. An id is the instant of its notification, increased if two
 * would be equal. So ids grow even after the store was lost.
 */
class OccurrenceIds {
  readonly #ids: Map<string, number>;
  #last: number;

  constructor(past: ReadonlyMap<string, number>) {
    this.#ids = new Map(past);
    this.#last = Math.max(0, ...past.values());
  }

  /** @returns the id of a new occurrence; null if it already has one */
  assign(key: string, now: Instant): number | null {
    if (this.#ids.has(key)) return null;
    this.#last = Math.max(this.#last + 1, now);
    this.#ids.set(key, this.#last);
    return this.#last;
  }

  forget(before: Instant): void {
    for (const [key, id] of this.#ids) {
      if (this.#ids.size <= MOST_KEPT && id >= before) break;
      this.#ids.delete(key);
    }
  }
}

/** The notifications that clients can ask for, in the order of ids. */
class RecentNotifications {
  readonly #list: Notification[];

  constructor(past: readonly Notification[]) {
    this.#list = [...past];
  }

  get lastId(): number {
    return this.#list.at(-1)?.id ?? 0;
  }

  get oldestId(): number | null {
    return this.#list[0]?.id ?? null;
  }

  newest(limit: number): Notification[] {
    return this.#list.slice(Math.max(0, this.#list.length - limit)).reverse();
  }

  after(since: number, limit: number): Notification[] {
    const start = this.#indexAfter(since);
    return this.#list.slice(start, start + limit);
  }

  add(notification: Notification): void {
    this.#list.push(notification);
  }

  /** Ids are instants. */
  forget(before: Instant): void {
    this.#list.splice(0, Math.max(this.#list.length - MOST_KEPT, this.#indexAfter(before - 1)));
  }

  /** The index of the first notification with an id above `since`, by binary search. */
  #indexAfter(since: number): number {
    let [start, end] = [0, this.#list.length];
    while (start < end) {
      const middle = (start + end) >> 1;
      if ((this.#list[middle]?.id ?? 0) > since) end = middle;
      else start = middle + 1;
    }
    return start;
  }
}
