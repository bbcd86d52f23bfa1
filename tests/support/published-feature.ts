import { Subject } from 'rxjs';
import type { Actor, FeatureStatus } from '../../src/core/runtime/actor.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Publication } from '../../src/core/runtime/emission.ts';
import type { Snapshot } from '../../src/core/runtime/snapshot.ts';
import type { RunningFeature } from '../../src/core/runtime/supervisor.ts';

/** A feature whose snapshots the test publishes. */
export interface PublishedFeature {
  readonly running: RunningFeature;
  latest(): Snapshot | undefined;
  publish(snapshot: Snapshot): void;
}

export function publishedFeature(feature: Feature): PublishedFeature {
  const publications = new Subject<Publication>();
  const statusChanges = new Subject<FeatureStatus>();
  let newest: Snapshot | undefined;
  const { name } = feature;
  const actor: Actor = {
    ...{ name, publications, statusChanges, latest: () => newest },
    ...{ start: () => {}, changed: () => {}, feedChanged: () => {}, stop: async () => {} },
    status: () => ({
      ...{ feature: name, data: newest === undefined ? 'none' : 'live', activity: 'idle', failing: null },
      lastRefreshMs: null,
    }),
    refresh: async () => ({ status: 'ok' }),
  };
  return {
    running: { feature, actor },
    latest: () => newest,
    publish(snapshot) {
      newest = snapshot;
      publications.next({ snapshot, manual: false });
    },
  };
}
