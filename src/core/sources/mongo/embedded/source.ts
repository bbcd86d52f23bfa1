import { told } from '../../changes/change-detection.ts';
import { withSignal } from '../../with-signal.ts';
import { checkResults } from '../check-results.ts';
import type { DocumentReader, DocumentSource } from '../source.ts';
import type { Document } from './messages.ts';
import type { DocumentWorker } from './worker-client.ts';

/** Collections in a Worker, as a source of features; they can be written to, so that a demo company can live. */
export interface EmbeddedDocumentSource extends DocumentSource {
  /** Appends documents to a collection, which is made if it is not there; whoever watches it is told. */
  insert(collection: string, documents: readonly Document[]): Promise<void>;
  /**
   * Sets top-level fields of every document that matches; whoever watches the collection is told, if any did.
   *
   * @param filter a MongoDB query
   * @returns how many documents matched
   */
  update(collection: string, filter: Document, set: Document): Promise<number>;
}

export function createEmbeddedDocumentSource(worker: DocumentWorker): EmbeddedDocumentSource {
  const inTurn = createTurns();
  return {
    description: worker.description,
    changes: worker.changes.asObservable(),
    changeDetection: told,
    // Aborted, a read gives up its place in the queue, or its turn, so that nobody waits for what nobody waits for.
    read: (work, signal) =>
      withSignal(
        inTurn(async () => {
          signal.throwIfAborted();
          return withSignal(readWith(worker, work), signal);
        }),
        signal,
      ),
    insert: (collection, documents) => inTurn(() => worker.insert(collection, documents)),
    update: (collection, filter, set) => inTurn(() => worker.update(collection, filter, set)),
    close: () => worker.close(),
  };
}

async function readWith<Result>(
  worker: DocumentWorker,
  work: (reader: DocumentReader) => Promise<Result>,
): Promise<Result> {
  const collections = await worker.collections();
  return work({
    has: (collection) => collections.has(collection),
    aggregate: async (collection, pipeline, schema) =>
      checkResults(collection, await worker.aggregate(collection, pipeline), schema),
  });
}

/** One after the other, first come, first served: the figures of one snapshot are of one moment. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
