import type { SourceName } from '../../src/company/table.ts';
import { createFeed, type Feed } from '../../src/core/feeds/feed.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { MirrorDatabase } from '../../src/core/mirror/database.ts';
import { type Clock, systemClock } from '../../src/core/runtime/clock.ts';
import { writerOf } from '../support/mirror-writer.ts';
import type { Step } from './changes.ts';
import { emptyMirror, type Mirrored, mirroredBy } from './mirrored.ts';

/** A source that holds a company, to which anything may be done. */
export interface HeldCompany {
  /** Another look at it, as of a program that was started anew. */
  source(clock: Clock): FeedSource;
  /** Commits changes, all at once. */
  write(steps: readonly Step[]): Promise<void>;
  close(): Promise<void>;
}

/** A feed of such a source, and the mirror that it keeps in this thread. */
export interface Followed {
  readonly mirror: MirrorDatabase;
  /** Resolves once the mirror holds what the source does. */
  sync(): Promise<void>;
  /** The tables of which source and mirror differ by their counts and sums. */
  differing(): Promise<readonly string[]>;
  /** The feed ends, and another one goes on with what the mirror holds. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param now the time of the wall clock, which stands still */
export function followed(held: HeldCompany, features: readonly Mirrored[], source: SourceName, now: number): Followed {
  const mirror = emptyMirror(features, source);
  const clock: Clock = { ...systemClock, now: () => now };
  const errors: unknown[] = [];
  const begin = (): Feed => {
    const feed = createFeed({
      source: held.source(clock),
      mirror: writerOf(mirror, source, mirroredBy(features, source)),
      clock,
      random: Math.random,
      timings: { askEveryMs: 0, backOffMs: 10, backOffMaxMs: 20 },
      onError: (error) => errors.push(error),
    });
    feed.start();
    return feed;
  };
  let feed = begin();
  return {
    mirror,
    async sync() {
      await feed.sync();
      if (errors.length > 0) throw errors[0];
    },
    differing: async () => (await feed.compare())?.differing ?? [],
    async restart() {
      await feed.stop();
      feed = begin();
    },
    async close() {
      await feed.stop();
      mirror.close();
      await held.close();
    },
  };
}
