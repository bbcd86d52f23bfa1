import { systemClock } from '../../src/core/runtime/clock.ts';
import type { MongoSettings } from '../../src/core/sources/mongo/driver/settings.ts';
import { createMongoSource, type MongoSourceOptions } from '../../src/core/sources/mongo/driver/source.ts';
import type { DocumentSource } from '../../src/core/sources/mongo/source.ts';
import { noResumeTokens } from '../../src/core/store/resume-tokens.ts';

/** A source over the real driver, with what a test does not care about filled in. */
export function mongoSourceAt(
  connectionString: string,
  settings: Partial<MongoSettings> = {},
  options: Partial<MongoSourceOptions> = {},
): DocumentSource {
  return createMongoSource({
    settings: {
      ...{ connectionString, database: null, readPreference: null, readConcern: null },
      ...{ connectTimeoutMs: 5_000, poolSize: 4, changeIntervalMs: 30_000 },
      ...settings,
    },
    watched: ['support_tickets', 'logs'],
    resumeTokens: noResumeTokens,
    clock: systemClock,
    random: Math.random,
    onDetection: () => {},
    ...options,
  });
}
