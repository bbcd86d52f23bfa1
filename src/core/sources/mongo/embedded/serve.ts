import { updateDocuments } from './collection.ts';
import { runPipeline } from './engine.ts';
import type { Document, DocumentReply, DocumentRequest } from './messages.ts';

/** How many results go into one message. */
const PIECE = 1_000;

/** The Worker's end of the message port. */
export interface DocumentPort {
  onmessage: ((event: MessageEvent<DocumentRequest>) => void) | null;
  postMessage(reply: DocumentReply): void;
}

/** What the owner of the collections, say of the files behind them, wants to know. */
export interface CollectionHooks {
  /**
   * Documents were inserted or updated, by a request.
   *
   * @param documents the whole collection
   * @param appended the new documents at its end where nothing else changed, else null
   */
  onChange?(collection: string, documents: readonly Document[], appended: readonly Document[] | null): void;
  /** Nothing will be asked any more. */
  onClose?(): void;
}

export interface ServedCollections {
  /** Puts other documents in a collection's place, or drops it (null), and tells whoever watches it. */
  replace(collection: string, documents: readonly Document[] | null): void;
}

/**
 * Answers requests about collections from inside a Worker, one at a time, so that no pipeline ever stalls the event
 * loop.
 *
 * @param collections documents by the name of their collection
 * @param description what a person sees of this source
 */
export function serveCollections(
  collections: Readonly<Record<string, readonly Document[]>>,
  port: DocumentPort,
  description: string,
  hooks: CollectionHooks = {},
): ServedCollections {
  const held = new Map(Object.entries(collections).map(([name, documents]) => [name, [...documents]]));
  const changed = (collection: string) => port.postMessage({ kind: 'changed', collection });

  const answer = (request: DocumentRequest): readonly unknown[] => {
    switch (request.kind) {
      case 'collections':
        return [...held.keys()];
      case 'aggregate':
        return runPipeline(held, request.collection, request.pipeline);
      case 'insert': {
        const documents = held.get(request.collection) ?? [];
        held.set(request.collection, documents);
        for (const document of request.documents) documents.push(document);
        hooks.onChange?.(request.collection, documents, request.documents);
        changed(request.collection);
        return [];
      }
      case 'update': {
        const documents = held.get(request.collection) ?? [];
        const matched = updateDocuments(documents, request.filter, request.set);
        if (matched > 0) {
          hooks.onChange?.(request.collection, documents, null);
          changed(request.collection);
        }
        return [matched];
      }
      case 'close':
        hooks.onClose?.();
        return [];
    }
  };

  port.onmessage = ({ data: request }) => {
    try {
      for (const reply of inPieces(request.id, answer(request))) port.postMessage(reply);
    } catch (error) {
      port.postMessage({
        kind: 'failed',
        id: request.id,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  };
  port.postMessage({ kind: 'ready', description });

  return {
    replace(collection, documents) {
      if (documents === null) held.delete(collection);
      else held.set(collection, [...documents]);
      changed(collection);
    },
  };
}

function* inPieces(id: number, results: readonly unknown[]): Generator<DocumentReply> {
  let start = 0;
  do {
    const end = start + PIECE;
    yield { kind: 'results', id, results: results.slice(start, end), more: end < results.length };
    start = end;
  } while (start < results.length);
}
