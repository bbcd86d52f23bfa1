import { filter, Subscription } from 'rxjs';
import type { SourceName } from '../../company/table.ts';
import type { Feed } from '../feeds/feed.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { type Actor, createActor } from './actor.ts';
import type { ActorTimings } from './actor-state.ts';
import type { Clock } from './clock.ts';
import type { Feature } from './define-feature.ts';
import { snapshotLoader } from './load-snapshot.ts';
import type { SequenceStore } from './sequence.ts';
import type { Snapshot } from './snapshot.ts';

/** A feature and the actor that keeps its latest snapshot. */
export interface RunningFeature<Data = unknown> {
  readonly feature: Feature<Data>;
  readonly actor: Actor<Data>;
}

/** The feeds, by source. */
export type Feeds = { readonly [Source in SourceName]: Feed };

export interface Supervisor {
  readonly running: readonly RunningFeature[];
  /** Starts the feeds; each actor starts once the mirror has its feed's rows, or the feed fails. */
  start(): void;
  /** Stops every actor and feed, and waits for all of them, even if one fails to stop. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly features: readonly Feature[];
  readonly feeds: Feeds;
  readonly mirror: Pick<Mirror, 'figures'>;
  readonly timings: ActorTimings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sequences: SequenceStore;
  /** The last snapshots before a restart, by feature; none by default. */
  readonly restored?: ReadonlyMap<string, Snapshot>;
  /** Receives unexpected errors. */
  readonly onError: (error: unknown) => void;
}

/** One actor per feature. They share only feeds and mirror, so none can delay or break another. */
export function supervise(options: SupervisorOptions): Supervisor {
  const { features, feeds, mirror, timings, clock, random, sequences, onError } = options;
  const subscriptions = new Subscription();
  const running = features.map((feature): RunningFeature => {
    const { name, source } = feature;
    const load = snapshotLoader({ feature, feed: feeds[source], mirror, sequences });
    const restored = options.restored?.get(name);
    return { feature, actor: createActor({ name, load, restored, timings, clock, random, onError }) };
  });

  return {
    running,
    start() {
      for (const each of running) subscriptions.add(follow(each, feeds[each.feature.source]));
      for (const feed of Object.values(feeds)) feed.start();
    },
    async stop() {
      subscriptions.unsubscribe();
      await Promise.allSettled(running.map(({ actor }) => actor.stop()));
      await Promise.allSettled(Object.values(feeds).map((feed) => feed.stop()));
    },
  };
}

/** Before an actor starts it ignores changes: its first figures include them. */
function follow({ feature, actor }: RunningFeature, feed: Feed): Subscription {
  const watched = Object.keys(feature.reads);
  const startOnceReady = () => {
    const { isLoaded, failing, activity } = feed.status();
    if (isLoaded || failing !== null || activity === 'none') actor.start();
  };
  let wasFailing = false;
  const subscription = feed.statusChanges.subscribe(({ failing }) => {
    if ((failing !== null) !== wasFailing) actor.feedChanged();
    wasFailing = failing !== null;
    startOnceReady();
  });
  const moved = feed.changes.pipe(filter((tables) => watched.some((table) => tables.has(table))));
  subscription.add(
    moved.subscribe(() => {
      actor.changed();
      startOnceReady();
    }),
  );
  startOnceReady();
  return subscription;
}
