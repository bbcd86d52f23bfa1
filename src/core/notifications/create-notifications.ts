import { distinctUntilChanged, map } from 'rxjs';
import type { Clock } from '../runtime/clock.ts';
import type { Feeds, RunningFeature } from '../runtime/supervisor.ts';
import { compareFeed, SOURCE_AVAILABLE } from './feed-rule.ts';
import { createJournal, type Journal } from './journal.ts';
import { ALL_HUBS } from './notification.ts';
import type { NotificationStore } from './notification-store.ts';

export interface NotificationsOptions {
  readonly running: readonly RunningFeature[];
  readonly feeds: Feeds;
  readonly store: NotificationStore;
  readonly clock: Clock;
  /** Receives what a rule throws; the other rules still run. */
  readonly onError: (error: unknown) => void;
}

/**
 * Creates the journal, and applies the rules of features and sources from now on. Call it before the actors start; it stops
 * when they stop.
 */
export function createNotifications(options: NotificationsOptions): Journal {
  const { store, clock, onError } = options;
  const journal = createJournal({ store, clock, onError });
  watchFeatures(options, journal);
  watchFeeds(options, journal);
  return journal;
}

/** Applies each feature's rules to each new content. */
function watchFeatures({ running, feeds, onError }: NotificationsOptions, journal: Journal): void {
  for (const { feature, actor } of running) {
    const rules = feature.hub.notificationRules ?? [];
    const { description } = feeds[feature.source];
    const contents = actor.publications.pipe(
      map(({ snapshot }) => snapshot),
      distinctUntilChanged((before, next) => before.seq === next.seq),
    );
    contents.subscribe((snapshot) => {
      for (const { name, compare } of rules) {
        const rule = `${feature.name}, ${name}, in ${description}`;
        try {
          journal.note({ hub: feature.name, rule, ...compare(journal.memory(rule), snapshot) });
        } catch (error) {
          onError(error);
        }
      }
    });
  }
}

/** Applies the rule for lost sources to each status of a feed. */
function watchFeeds({ running, feeds, clock }: NotificationsOptions, journal: Journal): void {
  for (const feed of Object.values(feeds)) {
    const rule = `source ${feed.name}, ${feed.description}`;
    const features = running.filter(({ feature }) => feature.source === feed.name).map(({ feature }) => feature.name);
    if (features.length === 0) continue;
    feed.statusChanges.subscribe((status) => {
      const comparison = compareFeed(journal.memory(rule) ?? SOURCE_AVAILABLE, status, features, clock.now());
      journal.note({ hub: ALL_HUBS, rule, ...comparison });
    });
  }
}
