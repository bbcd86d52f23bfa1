import type { FeatureName, History } from './shapes.ts';

export interface HistoryOptions {
  /** Paths of at most 12 figures; the headlines by default. */
  readonly figures?: readonly string[];
  /** An instant, or `YYYY-MM-DD` for the start of that day; 24 hours before the end by default. */
  readonly from?: Date | string;
  /** An instant, or `YYYY-MM-DD` for the end of that day; now by default. */
  readonly to?: Date | string;
  /** What a point stands for; as fine as fits the period by default. */
  readonly step?: History['step'];
  /** Adds the period before, of equal length. */
  readonly compare?: 'previous';
}

/** The address of `GET /api/{feature}/history`. */
export function historyPath(
  feature: FeatureName,
  { figures = [], ...options }: HistoryOptions = {},
): `/api/${FeatureName}/history?${string}` {
  const query = new URLSearchParams();
  for (const figure of figures) query.append('figure', figure);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) query.set(name, value instanceof Date ? value.toISOString() : value);
  }
  return `/api/${feature}/history?${query}`;
}
