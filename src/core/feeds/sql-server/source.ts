import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { FeedSource } from '../feed-source.ts';
import { type Connection, createConnections } from './connection.ts';
import { describeServer } from './connection-string.ts';
import { findChangeTracking } from './find-tracking.ts';
import { intervalWay } from './interval.ts';
import { type Look, lookAt } from './look.ts';
import { refusedTables, withoutTables } from './refused-tables.ts';
import { createSession, type SqlServerSession } from './session.ts';
import type { SqlServerSettings } from './settings.ts';
import { findUsageStatistics } from './usage-statistics.ts';
import type { Way } from './way.ts';

export interface SqlServerFeedOptions {
  readonly settings: SqlServerSettings;
  /** What is mirrored; tables of other sources are left out. */
  readonly tables: readonly MirroredTable[];
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of a second attempt. */
  readonly random: () => number;
}

export interface SqlServerFeedSource extends FeedSource {
  open(signal: AbortSignal): Promise<SqlServerSession>;
}

/**
 * A SQL Server database as the source of a mirror. No connection is made before the first session is opened.
 *
 * Only SELECT is sent, in SNAPSHOT transactions where the database allows them, else in READ COMMITTED.
 */
export function createSqlServerFeedSource(options: SqlServerFeedOptions): SqlServerFeedSource {
  const { settings, clock } = options;
  const mirrored = options.tables.filter(({ table }) => table.source === 'sql');
  const connections = createConnections(settings, options.random);
  let isSnapshotRefused = false;
  let isRowRefused = false;

  const find = async (connection: Connection) => {
    const seen = await lookAt(connection, mirrored);
    const refused = isRowRefused ? await refusedTables(connection, seen.tables) : [];
    isRowRefused = refused.length > 0;
    const look = withoutTables(isSnapshotRefused ? { ...seen, isSnapshotAllowed: false } : seen, refused);
    return { look, way: await findWay(connection, look, clock, settings.changeIntervalMs) };
  };

  return {
    name: 'sql',
    description: `SQL Server ${describeServer(settings)}`,
    async open(signal) {
      const { look, way } = await connections.ask(find, signal);
      return createSession({
        ...{ connections, look, way, clock },
        hasBetter: (connection) => isBetterPossible(connection, look, way, clock),
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

/** The best way to notice changes that the server and the login's permissions allow. */
async function findWay(connection: Connection, look: Look, clock: Clock, everyMs: number): Promise<Way> {
  const tracking = await findChangeTracking(connection, look, clock);
  if ('mode' in tracking) return tracking;
  const usage = await findUsageStatistics(connection, look, clock, tracking.why);
  return 'mode' in usage ? usage : intervalWay({ look, clock, everyMs, reason: `${tracking.why}; ${usage.why}` });
}

async function isBetterPossible(connection: Connection, look: Look, way: Way, clock: Clock): Promise<boolean> {
  const { refused } = look;
  if (refused.length > 0 && (await refusedTables(connection, refused)).length < refused.length) return true;
  if (way.reason === null) return false;
  if ('mode' in (await findChangeTracking(connection, look, clock))) return true;
  return way.mode === 'interval' && 'mode' in (await findUsageStatistics(connection, look, clock, ''));
}
