import type { AnySnapshot, FeatureName, FeatureStatus, Snapshots } from './shapes.ts';

/** The latest snapshot of each feature. It never goes back to an earlier one. */
export class SnapshotStore {
  /** A new object whenever one of them changes. */
  latest: Snapshots = {};
  /** Features that had a snapshot over this connection. */
  readonly #heard = new Set<FeatureName>();

  /** Call it whenever a connection opens. */
  connectionOpened(): void {
    this.#heard.clear();
  }

  /**
   * Another server of the same data may lag behind, so a lower `seq` is refused. A server that lost its state counts from 1
   * again: over a new connection the first snapshot with a lower `seq` is accepted if its `at` is later.
   *
   * @returns whether it is the latest now
   */
  accept(snapshot: AnySnapshot): boolean {
    const known = this.latest[snapshot.feature];
    const isFirst = !this.#heard.has(snapshot.feature);
    this.#heard.add(snapshot.feature);
    if (known !== undefined && snapshot.seq < known.seq) {
      const isLater = Date.parse(snapshot.at) > Date.parse(known.at);
      if (!isFirst || !isLater) return false;
    }
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
