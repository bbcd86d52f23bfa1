import { Subject } from 'rxjs';
import type { Actor, FeatureStatus } from '../../../src/core/runtime/actor.ts';
import type { Publication } from '../../../src/core/runtime/emission.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import type { RunningFeature } from '../../../src/core/runtime/supervisor.ts';
import { claims } from '../../../src/features/claims/index.ts';
import { storage } from '../../../src/features/storage/index.ts';
import { users } from '../../../src/features/users/index.ts';
import { snapshotOf } from '../../support/snapshot-of.ts';

/** Features whose contents the test publishes. They go on while outlets are restarted. */
export interface ScriptedFeatures {
  readonly running: readonly RunningFeature[];
  /** Publishes a content, or the same again. */
  publish(feature: FeatureName, data: unknown): void;
  /** The feature has a content from before a restart, and was not refreshed since. */
  restore(feature: FeatureName, data: unknown): void;
  /** Refreshes fail from now on. */
  fail(feature: FeatureName): void;
}

export type FeatureName = 'claims' | 'users' | 'storage';

const FEATURES = { claims, users, storage } as const;

export function scriptedFeatures(names: readonly FeatureName[] = ['claims', 'users']): ScriptedFeatures {
  const scripted = new Map(names.map((name) => [name, scriptedFeature(name)]));
  const find = (name: FeatureName) => {
    const found = scripted.get(name);
    if (found === undefined) throw new Error(`No feature ${name} is scripted`);
    return found;
  };
  return {
    running: [...scripted.values()].map(({ running }) => running),
    publish: (name, data) => find(name).publish(data),
    restore: (name, data) => find(name).restore(data),
    fail: (name) => find(name).fail(),
  };
}

function scriptedFeature(name: FeatureName) {
  const publications = new Subject<Publication>();
  const statusChanges = new Subject<FeatureStatus>();
  let snapshot: Snapshot | undefined;
  let failing: FeatureStatus['failing'] = null;
  const status = (): FeatureStatus => ({
    ...{
      feature: name,
      data: snapshot?.freshness.status ?? 'none',
      activity: 'idle',
      failing,
      lastRefreshMs: null,
    },
  });
  const actor: Actor = {
    ...{ name, publications, statusChanges, latest: () => snapshot, status },
    ...{ start: () => {}, changed: () => {}, feedChanged: () => {}, stop: async () => {} },
    refresh: async () => ({ status: 'ok' }),
  };
  return {
    running: { feature: FEATURES[name], actor },
    publish(data: unknown) {
      snapshot = snapshotOf(data, (snapshot?.seq ?? 0) + 1, name);
      failing = null;
      publications.next({ snapshot, manual: false });
    },
    restore(data: unknown) {
      snapshot = { ...snapshotOf(data, 1, name), freshness: { status: 'stale', since: 0, reason: 'restarted' } };
      publications.next({ snapshot, manual: false });
    },
    fail() {
      failing = { since: 0, reason: 'connection refused', blame: 'source' };
      statusChanges.next(status());
    },
  };
}
