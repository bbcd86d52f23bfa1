import { filter, type Observable, Subscription } from 'rxjs';
import { concerns } from '../sources/changes/source-change.ts';
import type { Sources } from '../sources/sources.ts';
import { type Actor, createActor } from './actor.ts';
import type { ActorTimings } from './actor-state.ts';
import type { Clock } from './clock.ts';
import type { Feature } from './define-feature.ts';
import { type SequenceStore, sequenceOf } from './sequence.ts';

/** A feature and the actor that keeps its latest snapshot. */
export interface RunningFeature<Data = unknown> {
  readonly feature: Feature<Data>;
  readonly actor: Actor<Data>;
}

export interface Supervisor {
  readonly running: readonly RunningFeature[];
  /** Starts every actor and wakes each on the changes that it watches. */
  start(): void;
  /** Stops every actor, and waits for all of them though one should fail to stop. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly features: readonly Feature[];
  readonly sources: Sources;
  readonly timings: ActorTimings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sequences: SequenceStore;
  /** Told of failures that nobody foresaw. */
  readonly onError: (error: unknown) => void;
}

/** An actor a feature. They share nothing but the sources, so that none can delay or break another. */
export function supervise(options: SupervisorOptions): Supervisor {
  const { features, sources, timings, clock, random, sequences, onError } = options;
  const running = features.map((feature) => run(feature));
  const subscriptions = new Subscription();

  function run<Data>(feature: Feature<Data>): RunningFeature<Data> {
    const actor = createActor<Data>({
      name: feature.name,
      load: (now, signal, begun) => feature.load(sources, now, signal, begun),
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
        subscriptions.add(changesFor(feature, sources).subscribe(() => actor.changed()));
        actor.start();
      }
    },
    async stop() {
      subscriptions.unsubscribe();
      await Promise.allSettled(running.map(({ actor }) => actor.stop()));
    },
  };
}

function changesFor(feature: Feature, sources: Sources): Observable<unknown> {
  return sources[feature.source].changes.pipe(filter((change) => concerns(change, feature.watches)));
}
