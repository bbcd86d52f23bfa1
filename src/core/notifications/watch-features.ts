import { distinctUntilChanged, map } from 'rxjs';
import type { Clock } from '../runtime/clock.ts';
import type { Feeds, RunningFeature } from '../runtime/supervisor.ts';
import type { Journal } from './journal.ts';

export interface WatchOptions {
  readonly running: readonly RunningFeature[];
  readonly feeds: Feeds;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Receives what a rule throws; the other rules go on. */
  readonly onError: (error: unknown) => void;
}

/** Applies each feature's rules to each new content of it. */
export function watchFeatures({ running, feeds, journal, onError }: WatchOptions): void {
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
