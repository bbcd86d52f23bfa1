import type { Document } from '../core/feeds/folder/document.ts';
import { DAY_MS } from '../core/figures/calendar.ts';

const KEPT_DAYS = 2;
const MIN_LIMIT = 50_000;

/** Keeps a demo that runs for weeks from filling memory with log lines. */
export interface LogLimit {
  /** The lines to keep, the newest of the last days; null while there are not too many. */
  shorten(documents: readonly Document[]): readonly Document[] | null;
}

/** @param initial number of lines at the start; up to twice as many are always kept */
export function createLogLimit(initial: number): LogLimit {
  const limit = Math.max(MIN_LIMIT, 2 * initial);
  return {
    shorten(documents) {
      if (documents.length <= limit) return null;
      const newest = instantOf(documents.at(-1)) ?? 0;
      const recent = documents.filter((document) => newest - (instantOf(document) ?? 0) <= KEPT_DAYS * DAY_MS);
      // Cuts to half the limit, so that the next line does not cut again.
      return recent.slice(-Math.ceil(limit / 2));
    },
  };
}

function instantOf(document: Document | undefined): number | undefined {
  return document?.timestamp instanceof Date ? document.timestamp.getTime() : undefined;
}
