/**
 * How a source learns that something moved:
 *
 * - `told`: whoever writes says so (the embedded sources)
 * - `change-tracking`: SQL Server's Change Tracking names the tables that changed
 * - `usage-statistics`: SQL Server's index usage statistics do, from the writes that they count
 * - `change-stream`: MongoDB sends every change
 * - `interval`: nothing tells; everything is taken to have changed every so often
 * - `unknown`: the source has not been reached yet
 * - `none`: there is no source
 */
export type ChangeDetectionMode =
  | 'told'
  | 'change-tracking'
  | 'usage-statistics'
  | 'change-stream'
  | 'interval'
  | 'unknown'
  | 'none';

export interface ChangeDetection {
  readonly mode: ChangeDetectionMode;
  /** Why it is not a better one, and what would make it one; null where there is none better. */
  readonly reason: string | null;
}

/** Of a source whose writers say what they changed. */
export function told(): ChangeDetection {
  return TOLD;
}

const TOLD: ChangeDetection = { mode: 'told', reason: null };
