import { Subject } from 'rxjs';
import type { SourceName } from '../../src/company/table.ts';
import type { Feed } from '../../src/core/feeds/feed.ts';
import type { FeedFailure, FeedStatus } from '../../src/core/feeds/feed-status.ts';

/** A feed whose every move the test decides. */
export interface ScriptedFeed {
  readonly feed: Feed;
  /** How often somebody has asked for what the source holds by now. */
  readonly syncs: number;
  readonly isStarted: boolean;
  /** The mirror has the rows of the source, for the first time. */
  load(): void;
  /** Tables of the mirror have changed. */
  change(...tables: readonly string[]): void;
  /** The feed fails, or works again. */
  failWith(failing: FeedFailure | null): void;
  /** From now on those who ask wait for this. */
  answerSyncsWith(answer: () => Promise<void>): void;
}

/** A feed whose source has been loaded, and which follows it from the start, unless told otherwise. */
export function scriptFeed(
  name: SourceName,
  { description = 'a script', isLoaded = true }: { readonly description?: string; readonly isLoaded?: boolean } = {},
): ScriptedFeed {
  const changes = new Subject<ReadonlySet<string>>();
  const statusChanges = new Subject<FeedStatus>();
  let syncs = 0;
  let isStarted = false;
  let answer = () => Promise.resolve();
  let status: FeedStatus = {
    ...{ source: name, description, activity: isLoaded ? 'following' : 'loading', isLoaded, mode: 'told' },
    ...{ reason: null, lastSync: null, rowsRead: 0, reconciled: null, failing: null },
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
      changes,
      statusChanges,
      start() {
        isStarted = true;
      },
      sync() {
        syncs++;
        return answer();
      },
      async stop() {
        update({ activity: 'stopped' });
        changes.complete();
        statusChanges.complete();
      },
    },
    get syncs() {
      return syncs;
    },
    get isStarted() {
      return isStarted;
    },
    load: () => update({ activity: 'following', isLoaded: true }),
    change: (...tables) => changes.next(new Set(tables)),
    failWith: (failing) => update({ failing, activity: failing === null ? 'following' : 'backing-off' }),
    answerSyncsWith(next) {
      answer = next;
    },
  };
}
