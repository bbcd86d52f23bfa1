import { compareFeed, SOURCE_IS_THERE } from './feed-rule.ts';
import type { WatchOptions } from './watch-features.ts';

/** The hub that carries what is about several features. */
const HUB_OF_ALL = 'all';

/** Notices when a source is lost and when it is back. */
export function watchFeeds({ running, feeds, journal, clock }: WatchOptions): void {
  for (const feed of Object.values(feeds)) {
    const rule = `source ${feed.name}, ${feed.description}`;
    const features = running.filter(({ feature }) => feature.source === feed.name).map(({ feature }) => feature.name);
    if (features.length === 0) continue;
    feed.statusChanges.subscribe((status) => {
      const comparison = compareFeed(journal.memory(rule) ?? SOURCE_IS_THERE, status, features, clock.now());
      journal.note({ hub: HUB_OF_ALL, rule, ...comparison });
    });
  }
}
