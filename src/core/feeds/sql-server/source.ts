import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { FeedSource } from '../feed-source.ts';
import type { ChangeDetection } from './change-detection.ts';
import { type Connection, createConnections } from './connection.ts';
import { describeServer } from './connection-string.ts';
import { findChangeTracking } from './find-tracking.ts';
import { type FoundDatabase, findDatabase } from './found-database.ts';
import { detectByInterval } from './interval.ts';
import { refusedTables, withoutTables } from './refused-tables.ts';
import { createSession, type SqlServerSession } from './session.ts';
import type { SqlServerSettings } from './settings.ts';
import { findUsageStatistics } from './usage-statistics.ts';

export interface SqlServerFeedOptions {
  readonly settings: SqlServerSettings;
  /** The mirrored tables; those of other sources are ignored. */
  readonly tables: readonly MirroredTable[];
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of a second attempt. */
  readonly random: () => number;
}

export interface SqlServerFeedSource extends FeedSource {
  open(signal: AbortSignal): Promise<SqlServerSession>;
}

/**
 * A SQL Server database as a source. Connects when the first session is opened.
 *
 * Sends only SELECT, in SNAPSHOT transactions if the database allows them, else in READ COMMITTED.
 */
export function createSqlServerFeedSource(options: SqlServerFeedOptions): SqlServerFeedSource {
  const { settings, clock } = options;
  const mirrored = options.tables.filter(({ table }) => table.source === 'sql');
  const connections = createConnections(settings, options.random);
  let isSnapshotRefused = false;
  let isRowRefused = false;

  const find = async (connection: Connection) => {
    const seen = await findDatabase(connection, mirrored);
    const refused = isRowRefused ? await refusedTables(connection, seen.tables) : [];
    isRowRefused = refused.length > 0;
    const database = withoutTables(isSnapshotRefused ? { ...seen, isSnapshotAllowed: false } : seen, refused);
    return { database, detection: await findDetection(connection, database, clock, settings.changeIntervalMs) };
  };

  return {
    name: 'sql',
    description: `SQL Server ${describeServer(settings)}`,
    async open(signal) {
      const { database, detection } = await connections.ask(find, signal);
      return createSession({
        ...{ connections, database, detection, clock },
        hasBetter: (connection) => isBetterPossible(connection, database, detection, clock),
        onSnapshotRefused: () => {
          isSnapshotRefused = true;
        },
        onRowRefused: () => {
          isRowRefused = true;
        },
      });
    },
    close: () => connections.close(),
  };
}

/** The best way to detect changes that the server and the login's permissions allow. */
async function findDetection(
  connection: Connection,
  database: FoundDatabase,
  clock: Clock,
  everyMs: number,
): Promise<ChangeDetection> {
  const tracking = await findChangeTracking(connection, database, clock);
  if ('mode' in tracking) return tracking;
  const usage = await findUsageStatistics(connection, database, clock, tracking.why);
  return 'mode' in usage
    ? usage
    : detectByInterval({ database, clock, everyMs, reason: `${tracking.why}; ${usage.why}` });
}

async function isBetterPossible(
  connection: Connection,
  database: FoundDatabase,
  detection: ChangeDetection,
  clock: Clock,
): Promise<boolean> {
  const { refused } = database;
  if (refused.length > 0 && (await refusedTables(connection, refused)).length < refused.length) return true;
  if (detection.reason === null) return false;
  if ('mode' in (await findChangeTracking(connection, database, clock))) return true;
  return detection.mode === 'interval' && 'mode' in (await findUsageStatistics(connection, database, clock, ''));
}
