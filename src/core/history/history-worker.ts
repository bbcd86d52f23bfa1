import { join } from 'node:path';
import { createCalendar } from '../figures/zone.ts';
import { refuseCalls, serveCalls, type WorkerPort } from '../threads/calls.ts';
import { HISTORY_FILE } from './history.ts';
import { openHistoryDatabase } from './history-database.ts';
import { historyHandlers } from './history-handlers.ts';

/** The Worker of the history. Its arguments: time zone, size limit in bytes, folder or `''` for memory. */
declare const self: WorkerPort;

const [timeZone = '', maximumBytes = '', directory = ''] = process.argv.slice(-3);
try {
  const database = openHistoryDatabase(directory === '' ? null : join(directory, HISTORY_FILE));
  serveCalls(self, historyHandlers(database, createCalendar(timeZone), Number(maximumBytes)));
} catch (error) {
  refuseCalls(self, error);
}
