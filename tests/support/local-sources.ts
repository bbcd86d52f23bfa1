import type { SourceName } from '../../src/company/table.ts';
import { tables } from '../../src/company/tables.ts';
import { createFeed, type Feed } from '../../src/core/feeds/feed.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { FeedTimings } from '../../src/core/feeds/feed-timings.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import { createMirrorHost } from '../../src/core/mirror/host.ts';
import { createMirror, localCalls, type Mirror } from '../../src/core/mirror/mirror.ts';
import { type Clock, systemClock } from '../../src/core/runtime/clock.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Feeds } from '../../src/core/runtime/supervisor.ts';
import { features as allFeatures } from '../../src/features/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';

/** The sources of a server under test. */
export interface TestSources {
  readonly feeds: Feeds;
  readonly mirror: Pick<Mirror, 'figures' | 'answer' | 'size'>;
}

export interface LocalSourcesOptions {
  /** All features by default. */
  readonly features?: readonly Feature[];
  /** Time zone of the calendar; UTC by default. */
  readonly timeZone?: string;
  readonly timings?: Partial<FeedTimings>;
  /** Clock of the feeds; the system clock by default. */
  readonly clock?: Clock;
  readonly onError?: (error: unknown) => void;
}

/** A mirror in the test's thread, with the same code as in its Worker. */
export function localMirror({ features = allFeatures, timeZone = 'UTC' }: LocalSourcesOptions = {}): Mirror {
  const host = createMirrorHost({
    tables: Object.values(tables),
    features,
    calendar: createCalendar(timeZone),
    pathOf: () => null,
    imageOf: () => null,
    pause: async () => {},
    onUnusable: () => {},
  });
  return createMirror(localCalls(host));
}

/** Feeds over sources, with their mirror. */
export function localSources(
  sources: { readonly [Source in SourceName]: FeedSource },
  options: LocalSourcesOptions = {},
): TestSources {
  const { features = allFeatures, timings = {}, clock = systemClock, onError = () => {} } = options;
  const mirror = localMirror(options);
  const feedOf = (name: SourceName): Feed =>
    createFeed({
      source: sources[name],
      mirror: mirror.writer(name, mirroredBy(features, name)),
      clock,
      random: Math.random,
      timings: { backOffMs: 20, backOffMaxMs: 50, askEveryMs: 0, ...timings },
      onError,
    });
  return { feeds: { sql: feedOf('sql'), documents: feedOf('documents') }, mirror };
}
