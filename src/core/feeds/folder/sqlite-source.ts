import { type Catalog, EXACT_KEYS } from '../../mirror/catalog.ts';
import { throwIfAborted } from '../../runtime/with-signal.ts';
import { type FeedSession, type FeedSource, SessionOutdatedError } from '../feed-source.ts';
import { openSqliteSession, type SqliteSessionOptions } from './sqlite-session.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { waitForChange } from './wait-for-change.ts';

export interface SqliteSourceOptions extends SqliteSessionOptions {
  readonly description: string;
}

/**
 * A SQLite database as a source. Our own changes are logged by row; changes by other programs are detected by table.
 */
export function createSqliteSource(options: SqliteSourceOptions): FeedSource {
  const { store, description } = options;
  return {
    name: 'sql',
    description,
    async open(signal) {
      throwIfAborted(signal);
      const connection = store.connection();
      if (connection === null) return openEmptySession(store);
      return store.use(connection, () => openSqliteSession(options, connection));
    },
    async close() {
      store.close();
    },
  };
}

const EMPTY_CATALOG: Catalog = { keys: EXACT_KEYS, columns: {} };
const NO_FILE = 'no file';

/** Without a file there are no tables. Ends once the file exists. */
function openEmptySession(store: SqliteStore): FeedSession {
  return {
    mode: 'watch',
    reason: null,
    catalog: EMPTY_CATALOG,
    pauseMs: 0,
    canFollow: async (position) => position === NO_FILE,
    load: async () => NO_FILE,
    poll: (_position, _sink, signal, mustCatchUp) =>
      waitForChange(async () => null, {
        ...{ waker: store.waker, signal, mustCatchUp },
        detectChanges() {
          if (store.connection() !== null) throw new SessionOutdatedError(`${store.place} exists now`, true);
        },
      }),
    compare: async () => [],
    close: async () => {},
  };
}
