import type { ConnectionState, FeatureStatus, Snapshot } from '../../client/index.ts';

/** Whether the figures of a feature are current. */
export type FeatureState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'no-source'; readonly since: number; readonly reason: string | null }
  | { readonly kind: 'live'; readonly at: number }
  | { readonly kind: 'stale'; readonly since: number; readonly reason: string | null };

/** If a connected server sends no snapshot within this time, the feature has no source. */
const FIRST_SNAPSHOT_WITHIN_MS = 5000;

/** After a restart every feature is stale until its first refresh ends. */
const SETTLES_WITHIN_MS = 5000;

/** Whether the connection is so new that a stale feature is no news yet. */
export function isSettling({ name, since }: Pick<ConnectionState, 'name' | 'since'>, now: number): boolean {
  return name === 'open' && now - since < SETTLES_WITHIN_MS;
}

export function featureState(
  snapshot: Pick<Snapshot, 'at' | 'status'> | undefined,
  status: Pick<FeatureStatus, 'status' | 'since' | 'reason'> | undefined,
  connection: ConnectionState,
  now: number,
): FeatureState {
  if (snapshot === undefined) {
    const reason = status?.reason ?? null;
    const silent = connection.name === 'open' && now - connection.since > FIRST_SNAPSHOT_WITHIN_MS;
    if (reason === null && !silent) return { kind: 'waiting' };
    const since = status?.since ?? null;
    return { kind: 'no-source', since: since === null ? connection.since : Date.parse(since), reason };
  }
  if (status?.status === 'stale' || (status === undefined && snapshot.status === 'stale')) {
    return { kind: 'stale', since: Date.parse(status?.since ?? snapshot.at), reason: status?.reason ?? null };
  }
  return { kind: 'live', at: Date.parse(snapshot.at) };
}
