import type { ClientSession, Db, Document, FindOptions } from 'mongodb';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { RowSink } from '../feed-source.ts';
import { keptDocuments } from './kept-documents.ts';
import { rowOf } from './raw-cells.ts';

export interface ReadOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Reads data as of the session's operation time or later, also from a member that lags. */
  readonly session?: ClientSession;
  /**
   * Reads in the order of keys, for which every ordinary collection has an index. A document that is deleted and inserted
   * again during the read is then read once.
   */
  readonly isOrdered: boolean;
}

/** Documents per batch. */
const BATCH_SIZE = 1_000;

/** How often a read without results reports progress, ms. */
const PROGRESS_EVERY_MS = 4_000;

/** Writes the mirrored fields of every recent document of a collection to the sink. */
export async function readCollection(
  database: Db,
  mirrored: MirroredTable,
  sink: RowSink,
  options: ReadOptions,
): Promise<void> {
  const { clock, signal, isOrdered } = options;
  const { name, keptFor } = mirrored.table;
  const kept = keptDocuments(mirrored, clock.now());
  const cursor = database.collection(name).find<Document>(kept.filter, {
    projection: Object.fromEntries(mirrored.columns.map((column) => [column, 1])),
    batchSize: BATCH_SIZE,
    signal,
    ...consistency(database, options),
    ...(isOrdered && keptFor === null ? { sort: { _id: 1 } } : {}),
  });
  try {
    const isMore = () => withProgress(cursor.hasNext(), database, options, () => sink.rows(name, []));
    while (await isMore()) {
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
    // Also closes the cursor at the server, if it was not read to its end.
    cursor.close().catch(() => {});
  }
}

/**
 * A server may scan millions of documents before it finds recent ones. A ping on another connection shows that it is still
 * available, which counts as progress.
 */
async function withProgress<Result>(
  work: Promise<Result>,
  database: Db,
  { clock, signal }: ReadOptions,
  reportProgress: () => Promise<void>,
): Promise<Result> {
  const ended = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, afterPause(clock, ended)]))) {
    await database.command({ ping: 1 }, { signal });
    signal.throwIfAborted();
    await reportProgress();
  }
  return work;
}

function afterPause(clock: Clock, ended: Promise<unknown>): Promise<false> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(PROGRESS_EVERY_MS, () => resolve(false));
    void ended.then(cancel);
  });
}

/** Read concerns that can wait for an operation time (MongoDB manual, "Read Concern"). */
const WAITING_LEVELS: ReadonlySet<string | undefined> = new Set(['local', 'majority', 'snapshot']);

/** As for the change stream, only majority-committed data is read, so neither sees what an election rolls back. */
function consistency({ readConcern }: Db, { session }: ReadOptions): FindOptions {
  if (session === undefined) return {};
  return WAITING_LEVELS.has(readConcern?.level) ? { session } : { session, readConcern: 'majority' };
}
