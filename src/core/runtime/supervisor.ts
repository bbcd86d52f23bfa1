import { filter, Subscription } from 'rxjs';
import type { SourceName } from '../../company/table.ts';
import type { Feed } from '../feeds/feed.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { NotConfiguredError } from '../sources/source-errors.ts';
import { type Actor, createActor, type LoadFigures } from './actor.ts';
import type { ActorTimings } from './actor-state.ts';
import type { Clock } from './clock.ts';
import type { Feature } from './define-feature.ts';
import { FeedFailingError } from './failure.ts';
import { type SequenceStore, sequenceOf } from './sequence.ts';

/** A feature and the actor that keeps its latest snapshot. */
export interface RunningFeature<Data = unknown> {
  readonly feature: Feature<Data>;
  readonly actor: Actor<Data>;
}

/** The feed of each source. */
export type Feeds = { readonly [Source in SourceName]: Feed };

export interface Supervisor {
  readonly running: readonly RunningFeature[];
  /** Starts the feeds; each actor starts once the mirror has its feed's rows, or the feed fails. */
  start(): void;
  /** Stops every actor and feed, and waits for all of them though one should fail to stop. */
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
  /** Receives errors that are no failures of a source, whole. */
  readonly onError: (error: unknown) => void;
}

/** An actor a feature. They share nothing but feeds and mirror, so that none can delay or break another. */
export function supervise(options: SupervisorOptions): Supervisor {
  const { features, feeds, mirror, timings, clock, random, sequences, onError } = options;
  const running = features.map((feature) => run(feature));
  const subscriptions = new Subscription();

  function run<Data>(feature: Feature<Data>): RunningFeature<Data> {
    const actor = createActor<Data>({
      name: feature.name,
      load: numbered(feature.name, sequences, figuresOf(feature, feeds[feature.source], mirror)),
      nextSeq: sequenceOf(feature.name, sequences),
      timings,
      clock,
      random,
      onError,
    });
    return { feature, actor };
  }

  return {
    running,
    start() {
      for (const { feature, actor } of running) {
        const feed = feeds[feature.source];
        const watched = Object.keys(feature.reads);
        let hasBegun = false;
        /** @returns whether it has just begun: what has changed by now is in its first figures */
        const begin = (): boolean => {
          const { isLoaded, failing, activity } = feed.status();
          if (hasBegun || !(isLoaded || failing !== null || activity === 'none')) return false;
          hasBegun = true;
          actor.start();
          return true;
        };
        let wasFailing = false;
        subscriptions.add(
          feed.statusChanges.subscribe(({ failing }) => {
            const isChanged = (failing !== null) !== wasFailing;
            wasFailing = failing !== null;
            if (!begin() && isChanged) actor.feedChanged();
          }),
        );
        const moved = feed.changes.pipe(filter((tables) => watched.some((table) => tables.has(table))));
        subscriptions.add(
          moved.subscribe(() => {
            if (!begin()) actor.changed();
          }),
        );
        begin();
      }
      for (const feed of Object.values(feeds)) feed.start();
    },
    async stop() {
      subscriptions.unsubscribe();
      await Promise.allSettled(running.map(({ actor }) => actor.stop()));
      await Promise.allSettled(Object.values(feeds).map((feed) => feed.stop()));
    },
  };
}

/** The figures of a feature, as long as its feed works; somebody who asks gets what the source holds by now. */
function figuresOf<Data>(feature: Feature<Data>, feed: Feed, mirror: Pick<Mirror, 'figures'>): LoadFigures<Data> {
  return async ({ now, manual, knownHash }) => {
    const { activity, reason } = feed.status();
    if (activity === 'none') throw new NotConfiguredError(reason ?? 'Its database is not configured');
    if (manual) await feed.sync();
    refuseWhileFailing(feed);
    const loaded = await mirror.figures(feature, now, knownHash);
    // It may have begun to fail meanwhile: these figures are not shown as live.
    refuseWhileFailing(feed);
    return loaded;
  };
}

/** Figures whose number, where they are new, was agreed on with other processes before they are published. */
function numbered<Data>(name: string, sequences: SequenceStore, load: LoadFigures<Data>): LoadFigures<Data> {
  return async (request) => {
    const loaded = await load(request);
    if (loaded !== null && loaded.encoded.hash !== request.knownHash) {
      await sequences.agree?.(name, loaded.encoded.hash);
    }
    return loaded;
  };
}

/** @throws FeedFailingError */
function refuseWhileFailing(feed: Feed): void {
  const { failing } = feed.status();
  if (failing !== null) throw new FeedFailingError(failing);
}
