import { type Instant, isoInstant } from '../figures/calendar.ts';
import type { FeatureStatus } from '../runtime/actor.ts';
import type { Comparison, Occurrence } from '../runtime/notification-rule.ts';
import type { Sources } from '../sources/sources.ts';

const NAMES: { readonly [Source in keyof Sources]: string } = {
  sql: 'The SQL database',
  documents: 'The document database',
};

/** What is remembered of a source that is not lost, before the first comparison too; of one that is, since when. */
export const SOURCE_IS_THERE = 'there';

/**
 * A source is lost, and is back: once each, however many features it makes stale.
 *
 * It is lost when it refuses one feature or is out of its reach, or when it leaves all of them without an answer in time:
 * one slow query is no lost source, nor is a table that is missing. It is back when that is over, and each of them has
 * asked it since the start: the first that is answered does not speak for the one that was refused.
 *
 * @param memory what the last comparison remembered
 * @param statuses of every feature that reads from it
 */
export function compareSource(
  source: keyof Sources,
  memory: string,
  statuses: readonly FeatureStatus[],
  now: Instant,
): Comparison {
  const lostAt = /^\d+$/.test(memory) ? Number(memory) : null;
  const failures = statuses.flatMap(({ failing }) => failing ?? []);
  const refused = failures.filter(({ blame }) => blame === 'source');
  const silent = failures.filter(({ blame }) => blame === 'silence');
  const lost = refused.length > 0 || (silent.length > 0 && silent.length === statuses.length);
  const asked = statuses.every(({ data, failing }) => data !== 'none' || failing !== null);
  const answered = asked && failures.length < statuses.length;
  const features = statuses.map(({ feature }) => feature);

  if (lost && lostAt === null) {
    const { since, reason } = [...refused, ...silent].reduce((one, other) => (other.since < one.since ? other : one));
    return { memory: String(since), occurrences: [lostOccurrence(source, since, reason, features)] };
  }
  if (!lost && answered && lostAt !== null) {
    return { memory: SOURCE_IS_THERE, occurrences: [backOccurrence(source, lostAt, now, features)] };
  }
  return { memory, occurrences: [] };
}

function lostOccurrence(source: keyof Sources, since: Instant, reason: string, features: string[]): Occurrence {
  return {
    key: `lost ${since}`,
    severity: 'critical',
    title: `${NAMES[source]} is lost`,
    message: `${reason}; until it is back, these stay as they are: ${features.join(', ')}`,
    data: { source, features, reason, lostAt: isoInstant(since) },
  };
}

function backOccurrence(source: keyof Sources, lostAt: Instant, now: Instant, features: string[]): Occurrence {
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
