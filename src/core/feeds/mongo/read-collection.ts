import type { ClientSession, Db, Document, FindOptions } from 'mongodb';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { RowSink } from '../feed-source.ts';
import { keptDocuments } from './kept-documents.ts';
import { rowOf } from './raw-cells.ts';

export interface ReadOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Reads what had happened by the session's operation time, however far behind the member is that answers. */
  readonly session?: ClientSession;
  /**
   * Reads in the order of keys, which every ordinary collection has an index for. A document that is deleted and inserted
   * again meanwhile is then seen once.
   */
  readonly isOrdered: boolean;
}

/** Documents per batch. */
const BATCH_SIZE = 1_000;

/** How often a read that yields nothing shows that it goes on. */
const SIGN_OF_LIFE_MS = 4_000;

/** Hands over the mirrored fields of every document of a collection that is kept. */
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
    const isMore = () => aliveUntil(cursor.hasNext(), database, options, () => sink.rows(name, []));
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
    // Given up at the server as well, where it was not read to its end.
    cursor.close().catch(() => {});
  }
}

/**
 * A server may look through millions of documents before it finds some that are kept. That it is there meanwhile is asked
 * on another connection, and passed on as a sign of life.
 */
async function aliveUntil<Result>(
  work: Promise<Result>,
  database: Db,
  { clock, signal }: ReadOptions,
  showLife: () => Promise<void>,
): Promise<Result> {
  const ended = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, afterPause(clock, ended)]))) {
    await database.command({ ping: 1 }, { signal });
    signal.throwIfAborted();
    await showLife();
  }
  return work;
}

function afterPause(clock: Clock, ended: Promise<unknown>): Promise<false> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(SIGN_OF_LIFE_MS, () => resolve(false));
    void ended.then(cancel);
  });
}

/** The levels that can wait for a time (MongoDB manual, "Read Concern"). */
const WAITING_LEVELS: ReadonlySet<string | undefined> = new Set(['local', 'majority', 'snapshot']);

/** A change stream reports only majority-committed changes, so neither side sees what an election rolls back. */
function consistency({ readConcern }: Db, { session }: ReadOptions): FindOptions {
  if (session === undefined) return {};
  return WAITING_LEVELS.has(readConcern?.level) ? { session } : { session, readConcern: 'majority' };
}
