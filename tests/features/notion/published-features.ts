import { Subject } from 'rxjs';
import type { Actor, FeatureStatus } from '../../../src/core/runtime/actor.ts';
import type { Publication } from '../../../src/core/runtime/emission.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import type { RunningFeature } from '../../../src/core/runtime/supervisor.ts';
import { features } from '../../../src/features/index.ts';

/** All features, with snapshots that the test publishes. */
export interface PublishedFeatures {
  readonly running: readonly RunningFeature[];
  /** The newest of each feature. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  publish(snapshot: Snapshot): void;
}

export function publishedFeatures(): PublishedFeatures {
  const snapshots = new Map<string, Snapshot>();
  const publications = new Map(features.map(({ name }) => [name, new Subject<Publication>()]));
  const running = features.map((feature): RunningFeature => {
    const { name } = feature;
    const status = (): FeatureStatus => ({
      feature: name,
      data: snapshots.has(name) ? 'live' : 'none',
      activity: 'idle',
      failing: null,
      lastRefreshMs: null,
    });
    const actor: Actor = {
      ...{ name, publications: publications.get(name) ?? new Subject(), statusChanges: new Subject(), status },
      ...{ latest: () => snapshots.get(name), refresh: async () => ({ status: 'ok' }) },
      ...{ start: () => {}, changed: () => {}, feedChanged: () => {}, stop: async () => {} },
    };
    return { feature, actor };
  });
  return {
    ...{ running, snapshots },
    publish(snapshot) {
      snapshots.set(snapshot.feature, snapshot);
      publications.get(snapshot.feature)?.next({ snapshot, manual: false });
    },
  };
}
