export { type Client, type ClientEvents, type ClientOptions, createClient } from './client.ts';
export { FEATURE_NAMES } from './frames.ts';
export type { HistoryOptions } from './history-path.ts';
export { ProblemError, type RestAnswer, UnreachableError, type Whole } from './rest.ts';
export type {
  About,
  AnySnapshot,
  DataProblem,
  FeatureData,
  FeatureName,
  FeatureStatus,
  History,
  HistoryPoint,
  HubName,
  Notification,
  Snapshot,
  Snapshots,
  Unavailable,
  UpdateOutcome,
} from './shapes.ts';
export type { ConnectionState, Refusal } from './state.ts';
