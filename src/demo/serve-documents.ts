import { join } from 'node:path';
import type { Document } from '../core/sources/mongo/embedded/messages.ts';
import { type DocumentPort, type ServedCollections, serveCollections } from '../core/sources/mongo/embedded/serve.ts';
import { type CollectionFile, openCollectionFile } from './collection-file.ts';
import { generateDocuments } from './data/documents.ts';
import { COLLECTION_FILES } from './file-names.ts';
import { createLogLimit } from './recent-logs.ts';
import type { DemoData } from './worker-messages.ts';

/** How often the files are looked at for what a person changed in them. */
const POLL_MS = 1_000;
const LOGS = 'logs';

/**
 * Serves the MongoDB side of the demo from inside a Worker.
 *
 * @throws JsonLinesError naming the file and the line that is no document
 */
export function serveDemoDocuments(data: DemoData, port: DocumentPort): void {
  if (data.kind === 'folder') serveFiles(data.directory, data.isGenerated, port);
  else {
    const { tickets, logs } = generateDocuments(data.spec);
    const limit = createLogLimit(logs.length);
    const description = `documents in memory, demo data of seed ${data.spec.seed}`;
    const served: ServedCollections = serveCollections({ support_tickets: tickets, logs }, port, description, {
      onChange(collection, documents) {
        const kept = collection === LOGS ? limit.shorten(documents) : null;
        if (kept !== null) served.replace(collection, kept);
      },
    });
  }
}

function serveFiles(directory: string, isGenerated: boolean, port: DocumentPort): void {
  const warn = (text: string) => port.postMessage({ kind: 'progress', text });
  const files = new Map<string, CollectionFile>();
  const collections: Record<string, readonly Document[]> = {};
  for (const [collection, name] of Object.entries(COLLECTION_FILES)) {
    const file = openCollectionFile(join(directory, name), warn, (documents) => served.replace(collection, documents));
    files.set(collection, file);
    if (file.initial !== null) collections[collection] = file.initial;
  }
  const limit = createLogLimit(collections[LOGS]?.length ?? 0);
  const served: ServedCollections = serveCollections(collections, port, `JSON lines in ${directory}`, {
    onChange(collection, documents, appended) {
      const kept = isGenerated && collection === LOGS ? limit.shorten(documents) : null;
      if (kept !== null) served.replace(collection, kept);
      files.get(collection)?.save(kept ?? documents, kept === null ? appended : null);
    },
    onClose() {
      clearInterval(polling);
      for (const file of files.values()) file.flush();
    },
  });
  const polling = setInterval(() => {
    for (const file of files.values()) file.poll();
  }, POLL_MS);
}
