import { createCalendar } from '../../src/core/figures/zone.ts';
import { createHistory, type History } from '../../src/core/history/history.ts';
import { openHistoryDatabase } from '../../src/core/history/history-database.ts';
import { historyHandlers } from '../../src/core/history/history-handlers.ts';

export interface MemoryHistoryOptions {
  /** The file; in memory unless told otherwise. */
  readonly path?: string;
  readonly timeZone?: string;
  readonly maximumBytes?: number;
}

/** A history without a Worker: the same database and handlers, in the test's own thread. */
export function memoryHistory(options: MemoryHistoryOptions = {}): History {
  const { path = null, timeZone = 'America/Sao_Paulo', maximumBytes = 256 * 1024 ** 2 } = options;
  const handlers = historyHandlers(openHistoryDatabase(path), createCalendar(timeZone), maximumBytes);
  return createHistory(
    // TypeScript cannot relate a method's arguments to its result across all methods.
    { call: async (method, ...args) => Reflect.apply(handlers[method], undefined, args) },
    () => {},
  );
}
