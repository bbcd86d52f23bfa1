import { type Observable, Subject } from 'rxjs';
import { DAY_MS, type Instant, isoInstant } from '../figures/calendar.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Comparison } from '../runtime/notification-rule.ts';
import type { Notification } from './notification.ts';
import type { KeptNotification, NotificationStore } from './notification-store.ts';

/** The most that one question can be answered with, and so the most that is held in memory. */
export const MOST_LISTED = 500;
/** Notifications are kept this long. */
const KEPT_DAYS = 30;
/** Beyond so many the oldest are forgotten sooner. */
export const MOST_KEPT = 10_000;

/** What a rule has found. */
export interface Finding extends Comparison {
  /** The hub that its notifications are about. */
  readonly hub: string;
  /** Names the rule and what it was applied to: what it remembers of one source says nothing of another. */
  readonly rule: string;
}

/** Everything that people were told, and what rules remember. */
export interface Journal {
  /** Each notification, in the order of ids, once it is kept. Hot; never errors. */
  readonly told: Observable<Notification>;
  /** The id of the newest; 0 before the first. */
  readonly lastId: number;
  /** The newest with a greater id than `since`, newest first; of the newest 500. */
  newest(limit: number, since?: number): Notification[];
  /** What a rule remembers; undefined before its first finding. */
  memory(rule: string): string | undefined;
  /** Remembers, and tells each occurrence that was not told before. Does not wait and does not fail. */
  note(finding: Finding): void;
}

export interface JournalOptions {
  readonly store: NotificationStore;
  readonly clock: Clock;
  /** Told when something could not be kept; it is told to people all the same. */
  readonly onError: (error: unknown) => void;
}

/**
 * What is told is kept first, in one write with what the rule remembers: a process that dies in between has told nobody,
 * and notices it again. Ids are instants, moved on where two would be the same, so that they grow even where the store is
 * lost.
 */
export function createJournal({ store, clock, onError }: JournalOptions): Journal {
  const told = new Subject<Notification>();
  const memories = new Map(store.past.memories);
  const keys = new Map(store.past.keys);
  let listed = store.past.newest;
  let lastGivenId = Math.max(0, ...keys.values());
  let turn = Promise.resolve();

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

  const forgetKeys = (forgetBefore: Instant) => {
    for (const [key, id] of keys) {
      if (keys.size <= MOST_KEPT && id >= forgetBefore) break;
      keys.delete(key);
    }
  };

  const tell = (notifications: readonly KeptNotification[]) => {
    for (const { notification } of notifications) {
      listed = [...listed.slice(1 - MOST_LISTED), notification];
      told.next(notification);
    }
  };

  return {
    told: told.asObservable(),
    get lastId() {
      return listed.at(-1)?.id ?? 0;
    },
    newest: (limit, since = 0) =>
      listed
        .filter(({ id }) => id > since)
        .slice(-limit)
        .reverse(),
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
      turn = turn.then(() => kept).then(() => tell(notifications));
    },
  };
}
