import type { ClientSession, Db, Document, FindOptions } from 'mongodb';
import type { Instant } from '../../figures/calendar.ts';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { RowSink } from '../feed-source.ts';
import { keptDocuments } from './kept-documents.ts';
import { rowOf } from './raw-cells.ts';

export interface ReadOptions {
  readonly now: Instant;
  readonly signal: AbortSignal;
  /** Reads what had happened by the session's operation time, however far behind the member is that answers. */
  readonly session?: ClientSession;
}

/** Documents that are asked for, and handed over, at a time. */
const BATCH_SIZE = 1_000;

/** Hands over the mirrored fields of every document of a collection that is kept. */
export async function readCollection(
  database: Db,
  mirrored: MirroredTable,
  sink: RowSink,
  options: ReadOptions,
): Promise<void> {
  const { now, signal } = options;
  const { name, keptFor } = mirrored.table;
  const kept = keptDocuments(mirrored, now);
  const cursor = database.collection(name).find<Document>(kept.filter, {
    projection: Object.fromEntries(mirrored.columns.map((column) => [column, 1])),
    batchSize: BATCH_SIZE,
    signal,
    ...consistency(database, options),
    // A document that is deleted and inserted again while its collection is read is seen once in the order of keys.
    ...(keptFor === null ? { sort: { _id: 1 }, allowDiskUse: true } : {}),
  });
  try {
    while (await cursor.hasNext()) {
      const documents = cursor.readBufferedDocuments().filter(kept.has);
      signal.throwIfAborted();
      if (documents.length > 0) {
        await sink.rows(
          name,
          documents.map((document) => rowOf(document, mirrored)),
        );
      }
    }
  } finally {
    // Given up at the server as well, where it was not read to its end.
    cursor.close().catch(() => {});
  }
}

/** A change stream tells only what a majority has, so that a roll-back after an election is in neither. */
function consistency({ readConcern }: Db, { session }: ReadOptions): FindOptions {
  if (session === undefined) return {};
  return readConcern === undefined ? { session, readConcern: 'majority' } : { session };
}
