import type { Document, Filter } from 'mongodb';
import { DAY_MS, type Instant } from '../../figures/calendar.ts';
import type { MirroredTable } from '../../mirror/catalog.ts';

/** Which documents of a collection are worth reading: all, or those that are not too old. */
export interface KeptDocuments {
  /** For the server; it and `has` agree on every document. */
  readonly filter: Filter<Document>;
  has(document: Document): boolean;
}

/**
 * Of a collection that is kept for some time only, documents whose instant is recent enough. Text counts as an instant as
 * well, and is compared by its day, with a day to spare for its offset from UTC. Documents without an instant count in no
 * figure and are not kept.
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
