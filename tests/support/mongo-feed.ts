import { collections } from '../../src/company/tables.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { MongoSettings } from '../../src/core/feeds/mongo/settings.ts';
import { createMongoFeedSource, type MongoFeedOptions } from '../../src/core/feeds/mongo/source.ts';
import type { MirroredTable } from '../../src/core/mirror/catalog.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';

/** Every collection with all its fields. */
export const mirroredCollections: readonly MirroredTable[] = collections.map((table) => ({
  table,
  columns: Object.keys(table.columns),
}));

/** Longer than the half second between two server checks of the driver, and than a busy machine takes. */
const CONNECT_WITHIN_MS = 3_000;

/** A feed source over the real driver, with defaults for what a test does not specify. */
export function mongoFeedAt(
  connectionString: string,
  settings: Partial<MongoSettings> = {},
  options: Partial<MongoFeedOptions> = {},
): FeedSource {
  return createMongoFeedSource({
    settings: {
      ...{ connectionString, database: null, readPreference: null, readConcern: null },
      ...{ connectTimeoutMs: CONNECT_WITHIN_MS, poolSize: 4, changeIntervalMs: 1_000 },
      ...settings,
    },
    tables: mirroredCollections,
    clock: systemClock,
    ...options,
  });
}
