import type { SourceName } from '../../company/table.ts';
import type { FeedStatus } from '../feeds/feed-status.ts';
import { type Instant, isoInstant } from '../figures/calendar.ts';
import type { Failing } from '../runtime/failure.ts';
import type { Comparison, Occurrence } from '../runtime/notification-rule.ts';

const NAMES: { readonly [Source in SourceName]: string } = {
  sql: 'The SQL database',
  documents: 'The document database',
};

/** What is remembered of a source that is not lost, before the first comparison too; of one that is, since when. */
export const SOURCE_IS_THERE = 'there';

/**
 * A source is lost, and is back: once each, however many features it makes stale.
 *
 * It is lost while its feed fails, which already has tried once more by then. A table that is missing, or may not be read,
 * is no lost source: the feed goes on with the others.
 *
 * @param memory what the last comparison remembered
 * @param features the names of those that read from it
 */
export function compareFeed(memory: string, status: FeedStatus, features: readonly string[], now: Instant): Comparison {
  const { source, failing, activity } = status;
  const lostAt = /^\d+$/.test(memory) ? Number(memory) : null;
  if (failing !== null && lostAt === null) {
    return { memory: String(failing.since), occurrences: [lostOccurrence(source, failing, features)] };
  }
  if (failing === null && activity === 'following' && lostAt !== null) {
    return { memory: SOURCE_IS_THERE, occurrences: [backOccurrence(source, lostAt, now, features)] };
  }
  return { memory, occurrences: [] };
}

function lostOccurrence(source: SourceName, { since, reason }: Failing, features: readonly string[]): Occurrence {
  return {
    key: `lost ${since}`,
    severity: 'critical',
    title: `${NAMES[source]} is lost`,
    message: `${reason}; until it is back, these stay as they are: ${features.join(', ')}`,
    data: { source, features, reason, lostAt: isoInstant(since) },
  };
}

function backOccurrence(source: SourceName, lostAt: Instant, now: Instant, features: readonly string[]): Occurrence {
  const seconds = Math.max(0, Math.round((now - lostAt) / 1000));
  return {
    key: `back ${lostAt}`,
    severity: 'info',
    title: `${NAMES[source]} is back`,
    message: `It was lost for ${duration(seconds)}`,
    data: { source, features, lostAt: isoInstant(lostAt), seconds },
  };
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
