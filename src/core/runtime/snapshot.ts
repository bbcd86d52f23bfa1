import type { Instant } from '../figures/calendar.ts';

/** A figure that could not be computed, and the optional column it lacks. */
export interface Unavailable {
  /** Path of the figure inside `data`: `summary.AverageResolutionDays`. */
  readonly figure: string;
  /** `Table.Column`. */
  readonly column: string;
}

/** What one refresh of a feature yields. */
export interface Content<Data> {
  readonly data: Data;
  readonly unavailable: readonly Unavailable[];
}

/** Whether the latest content still stands for what the source holds. */
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

/** The content as JSON text, and a hash that is the same for the same content on every machine and after every restart. */
export interface EncodedContent {
  readonly data: string;
  readonly unavailable: string;
  readonly hash: string;
}

/** @throws TypeError for data that JSON cannot hold: a bigint, a cycle, nothing at all */
export function encodeContent(content: Content<unknown>): EncodedContent {
  const data: string | undefined = JSON.stringify(content.data);
  if (data === undefined) throw new TypeError(`JSON has nothing for data of type ${typeof content.data}`);
  const unavailable = JSON.stringify(content.unavailable);
  return { data, unavailable, hash: hashText(unavailable + data) };
}

/** A 64-bit hash as hexadecimal text. Tells contents apart; no defence against someone who wants two to collide. */
export function hashText(text: string): string {
  return Bun.hash(text).toString(16).padStart(16, '0');
}
