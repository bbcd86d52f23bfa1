import type { Instant } from '../figures/calendar.ts';
import type { Problem } from '../mirror/problem.ts';
import { type EncodedContent, encodeContent } from './encode-content.ts';

/** A figure that could not be computed, and the optional column that is missing. */
export interface Unavailable {
  /** Path of the figure inside `data`: `summary.AverageResolutionDays`. */
  readonly figure: string;
  /** `Table.Column`. */
  readonly column: string;
}

/** The result of one refresh of a feature. */
export interface Content<Data> {
  readonly data: Data;
  readonly unavailable: readonly Unavailable[];
  /** Problems in the data behind the figures. */
  readonly problems: readonly Problem[];
}

/** A content as text; it is parsed only if it is new. */
export interface Loaded<Data> {
  readonly encoded: EncodedContent;
  content(): Content<Data>;
}

export function loadedFrom<Data>(content: Content<Data>): Loaded<Data> {
  return { encoded: encodeContent(content), content: () => content };
}

/** Whether the latest content still matches the source. */
export type Freshness =
  | { readonly status: 'live' }
  | { readonly status: 'stale'; readonly since: Instant; readonly reason: string };

/**
 * The latest content of a feature.
 *
 * The JSON text of the content is made once, when the content changes; REST, hubs and the comparison of contents all
 * use that text.
 */
export interface Snapshot<Data = unknown> extends Content<Data> {
  readonly feature: string;
  /** Grows by one when the content changes; never goes back, across restarts too. */
  readonly seq: number;
  /** The one instant that was "now" for every figure in it. */
  readonly generatedAt: Instant;
  readonly freshness: Freshness;
  readonly encoded: EncodedContent;
}
