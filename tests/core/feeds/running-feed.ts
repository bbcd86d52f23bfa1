import { createFeed, type Feed } from '../../../src/core/feeds/feed.ts';
import type { FeedStatus } from '../../../src/core/feeds/feed-status.ts';
import type { FeedTimings } from '../../../src/core/feeds/feed-timings.ts';
import type { MirrorWriter } from '../../../src/core/mirror/mirror-writer.ts';
import { writerOf } from '../../support/mirror-writer.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { contentFromScratch, contentOf, mirrored, type OpenedMirror, openSmall } from '../mirror/small-mirror.ts';
import { type ScriptedSource, scriptSource } from './scripted-source.ts';

/** A feed that follows a script on virtual time, and what it has said. */
export interface RunningFeed extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly source: ScriptedSource;
  readonly opened: OpenedMirror;
  readonly feed: Feed;
  readonly statuses: readonly FeedStatus[];
  readonly changes: readonly (readonly string[])[];
  readonly errors: readonly unknown[];
  readonly completed: { changes: boolean; statuses: boolean };
  /** What the mirror holds, beside what one holds that is loaded from the source now. */
  compare(): Promise<readonly [mirror: unknown, source: unknown]>;
}

export interface RunningFeedOptions {
  readonly timings?: Partial<FeedTimings>;
  readonly random?: () => number;
  /** Those of an earlier feed. */
  readonly clock?: VirtualClock;
  readonly source?: ScriptedSource;
  readonly opened?: OpenedMirror;
  /** Stands between the feed and the mirror. */
  readonly mirror?: (writer: MirrorWriter) => Partial<MirrorWriter>;
}

export function runFeed(options: RunningFeedOptions = {}): RunningFeed {
  const clock = options.clock ?? createVirtualClock();
  const source = options.source ?? scriptSource(clock);
  const opened = options.opened ?? openSmall();
  const writer = writerOf(opened.mirror, 'sql', Object.values(mirrored));
  const statuses: FeedStatus[] = [];
  const changes: string[][] = [];
  const errors: unknown[] = [];
  const completed = { changes: false, statuses: false };
  const feed = createFeed({
    source,
    mirror: { ...writer, ...options.mirror?.(writer) },
    clock,
    random: options.random ?? (() => 0.5),
    timings: options.timings ?? {},
    onError: (error) => void errors.push(error),
  });
  feed.statusChanges.subscribe({
    next: (status) => void statuses.push(status),
    complete: () => {
      completed.statuses = true;
    },
  });
  feed.changes.subscribe({
    next: (tables) => void changes.push([...tables]),
    complete: () => {
      completed.changes = true;
    },
  });
  return {
    ...{ clock, source, opened, feed, statuses, changes, errors, completed },
    async compare() {
      const fresh = await contentFromScratch({ Payments: source.rows() }, source.found.catalog);
      return [contentOf(opened.database()), fresh];
    },
    async [Symbol.asyncDispose]() {
      const stopped = feed.stop();
      await clock.advance(3_000);
      await stopped;
    },
  };
}

/** A feed that has loaded the source, and follows it. */
export async function startFeed(options: RunningFeedOptions = {}): Promise<RunningFeed> {
  const running = runFeed(options);
  running.source.put(['a', 'u', 'approved', 1, null], ['b', 'u', 'approved', 2, null]);
  running.feed.start();
  await running.clock.settle();
  return running;
}
