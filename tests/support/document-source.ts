import type { Document as StoredDocument } from 'mongodb';
import type { Document, DocumentReply, DocumentRequest } from '../../src/core/sources/mongo/embedded/messages.ts';
import {
  type CollectionHooks,
  type DocumentPort,
  type ServedCollections,
  serveCollections,
} from '../../src/core/sources/mongo/embedded/serve.ts';
import {
  createEmbeddedDocumentSource,
  type EmbeddedDocumentSource,
} from '../../src/core/sources/mongo/embedded/source.ts';
import {
  connectDocumentWorker,
  type DocumentWorkerHandle,
} from '../../src/core/sources/mongo/embedded/worker-client.ts';

import { withDigits } from './with-digits.ts';

/** A source over collections of the test's own thread, and the Worker's end of it. */
export interface DocumentSourcePair {
  readonly source: EmbeddedDocumentSource;
  readonly served: ServedCollections;
}

/**
 * A source over collections of the test's own thread: the same messages, the same code at both ends, without the cost
 * of starting a Worker for each of hundreds of random databases. Every message is cloned, as between threads.
 */
export async function documentSourceOf(
  collections: Readonly<Record<string, readonly Document[]>>,
): Promise<EmbeddedDocumentSource> {
  return (await documentSourcePair(collections)).source;
}

/** The same over documents as MongoDB's driver has them. */
export function storedDocumentSource(
  held: Readonly<Record<string, readonly StoredDocument[]>>,
): Promise<EmbeddedDocumentSource> {
  const collections = Object.entries(held).map(([name, documents]) => [name, documents.map(withDigits)]);
  return documentSourceOf(Object.fromEntries(collections));
}

/** The same with the Worker's end at hand. */
export async function documentSourcePair(
  collections: Readonly<Record<string, readonly Document[]>>,
  hooks: CollectionHooks = {},
): Promise<DocumentSourcePair> {
  const handle: DocumentWorkerHandle = {
    onmessage: null,
    onerror: null,
    postMessage(request: DocumentRequest) {
      const data = structuredClone(request);
      queueMicrotask(() => port.onmessage?.(new MessageEvent('message', { data })));
    },
    terminate: () => {},
  };
  const port: DocumentPort = {
    onmessage: null,
    postMessage(reply: DocumentReply) {
      const data = structuredClone(reply);
      queueMicrotask(() => handle.onmessage?.(new MessageEvent('message', { data })));
    },
  };
  const connected = connectDocumentWorker(handle, () => {});
  const served = serveCollections(collections, port, 'test documents', hooks);
  return { source: createEmbeddedDocumentSource(await connected), served };
}
