import { Subject } from 'rxjs';
import type { SourceName } from '../../src/company/table.ts';
import type { Feed } from '../../src/core/feeds/feed.ts';
import type { FeedStatus } from '../../src/core/feeds/feed-status.ts';
import type { Failing } from '../../src/core/runtime/failure.ts';

/** A feed that the test controls. */
export interface ScriptedFeed {
  readonly feed: Feed;
  /** Number of requested refreshes. */
  readonly syncs: number;
  readonly isStarted: boolean;
  /** Reports that the mirror now has the rows of these tables. */
  load(...tables: readonly string[]): void;
  /** Reports changed tables. */
  change(...tables: readonly string[]): void;
  /** Reports that the feed fails, or works again. */
  failWith(failing: Failing | null): void;
  /** From now on, requested refreshes wait for this. */
  answerSyncsWith(answer: () => Promise<void>): void;
}

/**
 * A feed that by default has loaded its source and follows it from the start. It may be restarted after a stop, like the feed
 * of a restarted server.
 */
export function scriptFeed(
  name: SourceName,
  { description = 'a script', isLoaded = true }: { readonly description?: string; readonly isLoaded?: boolean } = {},
): ScriptedFeed {
  let changes = new Subject<ReadonlySet<string>>();
  let statusChanges = new Subject<FeedStatus>();
  let syncs = 0;
  let isStarted = false;
  let answer = () => Promise.resolve();
  let status: FeedStatus = {
    ...{ source: name, description, activity: isLoaded ? 'following' : 'loading', isLoaded, mode: 'told' },
    ...{ reason: null, position: null, lastSync: null, rowsRead: 0, reconciled: null, failing: null },
  };
  const activity = () => {
    if (status.failing !== null) return 'backing-off';
    return status.isLoaded ? 'following' : 'loading';
  };
  const update = (next: Partial<FeedStatus>) => {
    status = { ...status, ...next };
    statusChanges.next(status);
  };
  return {
    feed: {
      name,
      description,
      status: () => status,
      get changes() {
        return changes;
      },
      get statusChanges() {
        return statusChanges;
      },
      start() {
        isStarted = true;
        update({ activity: activity() });
      },
      sync() {
        syncs++;
        return answer();
      },
      compare: async () => null,
      async stop() {
        update({ activity: 'stopped' });
        changes.complete();
        statusChanges.complete();
        changes = new Subject();
        statusChanges = new Subject();
      },
    },
    get syncs() {
      return syncs;
    },
    get isStarted() {
      return isStarted;
    },
    load(...tables) {
      status = { ...status, isLoaded: true };
      changes.next(new Set(tables));
      update({ activity: activity() });
    },
    change: (...tables) => changes.next(new Set(tables)),
    failWith(failing) {
      status = { ...status, failing };
      if (status.activity !== 'stopped') update({ activity: activity() });
    },
    answerSyncsWith(next) {
      answer = next;
    },
  };
}
