import type { DocumentPort } from '../core/sources/mongo/embedded/serve.ts';
import { serveDemoDocuments } from './serve-documents.ts';
import { type DemoData, errorText } from './worker-messages.ts';

declare const self: Pick<DocumentPort, 'postMessage'> & { onmessage: ((event: MessageEvent) => void) | null };

/** Serves what its first message names. */
self.onmessage = ({ data }: MessageEvent<DemoData>) => {
  try {
    serveDemoDocuments(data, self);
  } catch (error) {
    self.postMessage({ kind: 'failed', id: null, message: errorText(error) });
  }
};
