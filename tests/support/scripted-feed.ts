import { Subject } from 'rxjs';
import type { SourceName } from '../../src/company/table.ts';
import type { Feed } from '../../src/core/feeds/feed.ts';
import type { FeedFailure, FeedStatus } from '../../src/core/feeds/feed-status.ts';

/** A feed whose every move the test decides. */
export interface ScriptedFeed {
  readonly feed: Feed;
  /** How often somebody has asked for what the source holds by now. */
  readonly syncs: number;
  /** Tables of the mirror have changed. */
  change(...tables: readonly string[]): void;
  /** The feed fails, or works again. */
  failWith(failing: FeedFailure | null): void;
}

/** A feed that follows its source from the start. */
export function scriptFeed(name: SourceName, description = 'a script'): ScriptedFeed {
  const changes = new Subject<ReadonlySet<string>>();
  const statusChanges = new Subject<FeedStatus>();
  let syncs = 0;
  let status: FeedStatus = {
    ...{ source: name, description, activity: 'following', isLoaded: true, mode: 'told', reason: null },
    ...{ lastSync: null, rowsRead: 0, failing: null },
  };
  return {
    feed: {
      name,
      description,
      status: () => status,
      changes,
      statusChanges,
      start: () => {},
      async sync() {
        syncs++;
      },
      async stop() {
        changes.complete();
        statusChanges.complete();
      },
    },
    get syncs() {
      return syncs;
    },
    change: (...tables) => changes.next(new Set(tables)),
    failWith(failing) {
      status = { ...status, failing, activity: failing === null ? 'following' : 'backing-off' };
      statusChanges.next(status);
    },
  };
}
