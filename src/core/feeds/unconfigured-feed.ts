import { EMPTY, NEVER } from 'rxjs';
import type { SourceName } from '../../company/table.ts';
import { NotConfiguredError } from '../runtime/source-errors.ts';
import type { Feed } from './feed.ts';
import type { FeedStatus } from './feed-status.ts';

/**
 * The feed of a source that is not configured. Its features have no figures and report why; `/ready` does not wait for
 * them.
 *
 * @param advice which variables to set
 */
export function unconfiguredFeed(source: SourceName, advice: string): Feed {
  const reason = `Its database is not configured: ${advice}`;
  const status: FeedStatus = {
    source,
    description: `not configured: ${advice}`,
    activity: 'none',
    isLoaded: false,
    mode: null,
    reason,
    position: null,
    lastSync: null,
    rowsRead: 0,
    reconciled: null,
    failing: null,
  };
  return {
    name: source,
    description: status.description,
    status: () => status,
    changes: NEVER,
    statusChanges: EMPTY,
    start: () => {},
    sync: () => Promise.reject(new NotConfiguredError(reason)),
    compare: () => Promise.reject(new NotConfiguredError(reason)),
    stop: () => Promise.resolve(),
  };
}
