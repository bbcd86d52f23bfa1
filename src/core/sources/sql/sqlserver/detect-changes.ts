import type { Kysely } from 'kysely';
import type { ChangePoll } from '../../changes/poll-changes.ts';
import type { SourceChange } from '../../changes/source-change.ts';
import { findTracking, isPermissionError, trackedChange } from './change-tracking.ts';
import { numberIn } from './failures.ts';
import { readWriteCounts, writtenBetween } from './usage-statistics.ts';

export interface DetectOptions {
  readonly database: Kysely<unknown>;
  /** Tables whose changes matter. */
  readonly tables: readonly string[];
  /** How often everything is taken to have changed where nothing better is to be had, ms. */
  readonly changeIntervalMs: number;
}

/**
 * "Did anything change?" is asked at most once a second, for all features together. It is asked a little less often, so
 * that together with the full reads of `REFRESH_MAX_AGE` a server where nothing happens answers one statement a second.
 */
const POLL_MS = 1_250;

/**
 * The best way to notice changes that the server and the login's permissions allow: Change Tracking, else the usage
 * statistics, else an interval.
 *
 * @throws the driver's error when the server cannot be asked at all
 */
export async function findChangePoll(options: DetectOptions): Promise<ChangePoll> {
  const tracking = await tryChangeTracking(options);
  if (typeof tracking !== 'string') return tracking;
  const usage = await tryUsageStatistics(options, tracking);
  if (typeof usage !== 'string') return usage;
  return {
    detection: { mode: 'interval', reason: `${tracking}; ${usage}` },
    everyMs: options.changeIntervalMs,
    poll: async () => ({ names: 'all' }),
  };
}

/** The way, or why there is none. */
async function tryChangeTracking({ database, tables }: DetectOptions): Promise<ChangePoll | string> {
  const found = await refusedOr(() => findTracking(database, tables));
  if ('refusal' in found) {
    return isPermissionError(found.refusal)
      ? 'Change Tracking may not be looked at: grant view change tracking on each table, as db/login.sql does'
      : 'Change Tracking is not to be had on this server';
  }
  if ('untracked' in found) {
    const where = found.untracked === 'all' ? 'this database' : found.untracked.join(', ');
    return `Change Tracking is off for ${where}: db/change-tracking.sql switches it on`;
  }
  let at = found;
  return {
    detection: { mode: 'change-tracking', reason: null },
    everyMs: POLL_MS,
    async poll() {
      const moved = await trackedChange(database, at);
      if (moved === null) return null;
      at = { ...at, version: moved.version };
      return moved.change;
    },
  };
}

async function tryUsageStatistics(
  { database, tables }: DetectOptions,
  whyNotTracking: string,
): Promise<ChangePoll | string> {
  const found = await refusedOr(() => readWriteCounts(database, tables));
  if ('refusal' in found) {
    return isPermissionError(found.refusal)
      ? 'the usage statistics may not be looked at: grant view server state to the login (2022: view server performance state)'
      : 'the usage statistics are not to be had on this server';
  }
  let counts = found;
  let written: readonly string[] = [];
  return {
    detection: { mode: 'usage-statistics', reason: whyNotTracking },
    everyMs: POLL_MS,
    async poll(): Promise<SourceChange | null> {
      const next = await readWriteCounts(database, tables);
      // A write is counted before it is committed, so that what was read at once may be the state before it.
      const echo = written;
      written = writtenBetween(counts, next);
      counts = next;
      const names = new Set([...written, ...echo]);
      return names.size === 0 ? null : { names };
    },
  };
}

/** What a question came to, or the error with which the server answered it; other errors are thrown on. */
async function refusedOr<Found extends object>(
  ask: () => Promise<Found>,
): Promise<Found | { readonly refusal: unknown }> {
  try {
    return await ask();
  } catch (error) {
    if (numberIn(error) === undefined) throw error;
    return { refusal: error };
  }
}
