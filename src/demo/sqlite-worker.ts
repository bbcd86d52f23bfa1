import type { WorkerPort } from '../core/sources/sql/sqlite/serve.ts';
import { serveDemoDatabase } from './serve-database.ts';
import { type DemoData, errorText } from './worker-messages.ts';

declare const self: Pick<WorkerPort, 'postMessage'> & { onmessage: ((event: MessageEvent) => void) | null };

/** Serves what its first message names. */
self.onmessage = ({ data }: MessageEvent<DemoData>) => {
  try {
    serveDemoDatabase(data, self);
  } catch (error) {
    self.postMessage({ kind: 'failed', id: null, message: errorText(error) });
  }
};
