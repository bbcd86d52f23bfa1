import type { SourceName } from '../../company/table.ts';
import type { FeedStatus } from '../feeds/feed-status.ts';
import { type Instant, isoInstant } from '../figures/calendar.ts';
import type { Failing } from '../runtime/failure.ts';
import type { Comparison, Occurrence } from '../runtime/notification-rule.ts';

const NAMES: { readonly [Source in SourceName]: string } = {
  sql: 'The SQL database',
  documents: 'The document database',
};

/** The memory while a source is available, and before the first comparison. While it is lost, the memory is since when. */
export const SOURCE_AVAILABLE = 'there';

/**
 * Reports once when a source is lost and once when it is back, however many features it makes stale.
 *
 * A source is lost while its feed fails; by then the feed has retried once. A table that is missing or not readable does
 * not make the source lost: the feed continues with the others.
 *
 * @param memory what the last comparison remembered
 * @param features names of the features that read from the source
 */
export function compareFeed(memory: string, status: FeedStatus, features: readonly string[], now: Instant): Comparison {
  const { source, failing, activity } = status;
  const lostAt = /^\d+$/.test(memory) ? Number(memory) : null;
  if (failing !== null && lostAt === null) {
    return { memory: String(failing.since), occurrences: [lostOccurrence(source, failing, features)] };
  }
  if (failing === null && activity === 'following' && lostAt !== null) {
    return { memory: SOURCE_AVAILABLE, occurrences: [backOccurrence(source, lostAt, now, features)] };
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
