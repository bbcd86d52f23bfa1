import { Database } from 'bun:sqlite';
import { createPrivate } from '../sqlite/private-file.ts';
import { refuseCalls, serveCalls, type WorkerPort } from '../threads/calls.ts';
import { storeHandlers } from './store-handlers.ts';

/** The Worker of the embedded store. Its only argument is the path of the file. */
declare const self: WorkerPort;

try {
  const path = process.argv.at(-1) ?? '';
  createPrivate(path);
  serveCalls(self, storeHandlers(new Database(path)));
} catch (error) {
  refuseCalls(self, error);
}
