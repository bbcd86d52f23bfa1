import type { About } from '../core/http/about-schema.ts';
import type { History, HistoryPoint } from '../core/http/history-schema.ts';
import type { DataProblem, Unavailable } from '../core/http/snapshot-schema.ts';
import type { Notification } from '../core/notifications/notification.ts';
import type { ClaimsData } from '../features/claims/schemas.ts';
import type { ContentData } from '../features/content/schemas.ts';
import type { FinancialData } from '../features/financial/schemas.ts';
import type { StorageData } from '../features/storage/schemas.ts';
import type { SubscriptionsData } from '../features/subscriptions/schemas.ts';
import type { SupportData } from '../features/support/schemas.ts';
import type { UsersData } from '../features/users/schemas.ts';

export type { About, DataProblem, History, HistoryPoint, Notification, Unavailable };

/** The data of each feature's snapshot, as the server's own schemas describe it. */
export interface FeatureData {
  readonly claims: ClaimsData;
  readonly financial: FinancialData;
  readonly subscriptions: SubscriptionsData;
  readonly support: SupportData;
  readonly content: ContentData;
  readonly users: UsersData;
  readonly storage: StorageData;
}

export type FeatureName = keyof FeatureData;
export type HubName = FeatureName | 'notifications';

/** The latest figures of one feature. */
export interface Snapshot<Name extends FeatureName = FeatureName> {
  readonly feature: Name;
  /** Grows when the content changes, and never goes back. */
  readonly seq: number;
  /** The instant that was "now" for every figure, ISO 8601. */
  readonly at: string;
  readonly reason: 'Initial' | 'Auto' | 'Manual';
  readonly status: 'live' | 'stale';
  /** Figures that could not be computed. */
  readonly unavailable: readonly Unavailable[];
  /** What is wrong with the data that the figures are made of. */
  readonly problems: readonly DataProblem[];
  readonly data: FeatureData[Name];
}

/** A snapshot of any feature: `feature` tells the type of `data`. */
export type AnySnapshot = { [Name in FeatureName]: Snapshot<Name> }[FeatureName];

/** The latest snapshot of each feature that has one. */
export type Snapshots = { readonly [Name in FeatureName]?: Snapshot<Name> };

/** Whether a feature's source works. */
export interface FeatureStatus {
  readonly feature: FeatureName;
  /** `none` before the first snapshot. */
  readonly status: 'none' | 'live' | 'stale';
  /** ISO 8601. */
  readonly since: string | null;
  readonly reason: string | null;
}

/** What became of a `forceUpdate`. */
export type UpdateOutcome = { readonly status: 'ok' } | { readonly status: 'error'; readonly message: string };
