import { Database } from 'bun:sqlite';
import { refuseCalls, serveCalls, type WorkerPort } from '../threads/calls.ts';
import { storeHandlers } from './store-handlers.ts';

/** The Worker of the embedded store. Its only argument is the path of the file. */
declare const self: WorkerPort;

try {
  serveCalls(self, storeHandlers(new Database(process.argv.at(-1) ?? '', { create: true })));
} catch (error) {
  refuseCalls(self, error);
}
