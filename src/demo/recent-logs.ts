import type { Document } from '../core/feeds/folder/document.ts';
import { DAY_MS } from '../core/figures/calendar.ts';

const KEPT_DAYS = 2;
const FEWEST = 50_000;

/** A company that lives for weeks writes more log lines than memory should hold. */
export interface LogLimit {
  /** The lines that are kept once there are too many: those of the last days, and of these the newest; else null. */
  shorten(documents: readonly Document[]): readonly Document[] | null;
}

/** @param initial how many lines there are at the start: twice as many are always kept */
export function createLogLimit(initial: number): LogLimit {
  const limit = Math.max(FEWEST, 2 * initial);
  return {
    shorten(documents) {
      if (documents.length <= limit) return null;
      const newest = instantOf(documents.at(-1)) ?? 0;
      const recent = documents.filter((document) => newest - (instantOf(document) ?? 0) <= KEPT_DAYS * DAY_MS);
      // Cut to half of what is allowed, so that it is not done again at the next line.
      return recent.slice(-Math.ceil(limit / 2));
    },
  };
}

function instantOf(document: Document | undefined): number | undefined {
  return document?.timestamp instanceof Date ? document.timestamp.getTime() : undefined;
}
