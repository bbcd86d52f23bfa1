import type { AnySnapshot, FeatureStatus, Snapshots } from './shapes.ts';

/** The latest snapshot of each feature. It never goes back to an earlier one. */
export class SnapshotStore {
  /** A new object whenever one of them changes. */
  latest: Snapshots = {};

  /** @returns whether it is at least as new as the one before: another server of the same data may lag behind */
  accept(snapshot: AnySnapshot): boolean {
    const known = this.latest[snapshot.feature];
    if (known !== undefined && snapshot.seq < known.seq) return false;
    this.latest = { ...this.latest, [snapshot.feature]: snapshot };
    return true;
  }

  /** Marks the snapshot of a feature as live or stale. */
  acceptStatus({ feature, status }: FeatureStatus): void {
    const known = this.latest[feature];
    if (known === undefined || status === 'none' || known.status === status) return;
    this.latest = { ...this.latest, [feature]: { ...known, status } };
  }
}
