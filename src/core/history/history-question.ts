import type { Instant } from '../figures/calendar.ts';

export type HistoryStep = 'minute' | 'hour' | 'day';

/** What to read of a feature's history. */
export interface HistoryQuestion {
  readonly feature: string;
  readonly source: string;
  readonly figures: readonly { readonly path: string; readonly unit: string }[];
  readonly from: Instant;
  readonly to: Instant;
  readonly step: HistoryStep;
  /** Whether to read the period before as well. */
  readonly comparesPrevious: boolean;
}
