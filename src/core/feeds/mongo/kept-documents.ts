import type { Document, Filter } from 'mongodb';
import { DAY_MS, type Instant } from '../../figures/calendar.ts';
import type { MirroredTable } from '../../mirror/catalog.ts';

/** Selects the documents of a collection that are recent enough to be mirrored. */
export interface KeptDocuments {
  /** The same condition as `has`, for the server. */
  readonly filter: Filter<Document>;
  has(document: Document): boolean;
}

/**
 * Selects recent documents of a collection that is kept for a limited time. An instant may also be text, which is compared by
 * its day, with one day of tolerance for its UTC offset. Documents without an instant do not count in any figure and are not
 * selected.
 */
export function keptDocuments({ table }: MirroredTable, now: Instant): KeptDocuments {
  if (table.keptFor === null) return { filter: {}, has: () => true };
  const { column, milliseconds } = table.keptFor;
  const since = new Date(now - milliseconds);
  const day = new Date(since.getTime() - DAY_MS).toISOString().slice(0, 10);
  return {
    // Each comparison is within one BSON type (MongoDB manual, "Comparison/Sort Order").
    filter: { $or: [{ [column]: { $gte: since } }, { [column]: { $gte: day } }] },
    has(document) {
      const value: unknown = document[column];
      return typeof value === 'string' ? value >= day : value instanceof Date && value >= since;
    },
  };
}
