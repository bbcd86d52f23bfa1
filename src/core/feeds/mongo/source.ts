import { ReadConcern, ReadPreference } from 'mongodb';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import { settledWithin } from '../../runtime/settled-within.ts';
import { SourceError } from '../../runtime/source-errors.ts';
import type { FeedSource } from '../feed-source.ts';
import { type FoundCollections, findCollections } from './catalog.ts';
import { connectionStringError } from './connection-string.ts';
import { isRefusal, whyNoChangeStream } from './failures.ts';
import { type FollowedStream, followStream, type StreamBeginning } from './followed-stream.ts';
import { createIntervalSession, type LastReadRecord } from './interval-session.ts';
import { createRenewableClient, type RenewableClient } from './renewable-client.ts';
import { createRequests, type Requests } from './requests.ts';
import { databaseNameOf, type MongoSettings } from './settings.ts';
import { createStreamSession } from './stream-session.ts';

export interface MongoFeedOptions {
  readonly settings: MongoSettings;
  /** The mirrored collections. */
  readonly tables: readonly MirroredTable[];
  readonly clock: Clock;
  /** How long a poll waits for a change, in ms. Default: a second. */
  readonly awaitMs?: number;
}

const AWAIT_MS = 1_000;
/** How often the driver checks the servers, ms. */
const HEARTBEAT_MS = 2_000;
/** The server has to stop within five seconds. */
const CLOSE_WITHIN_MS = 1_000;

/**
 * A MongoDB database as a source. Connects when the first session is opened.
 *
 * @throws SourceError if the connection string is invalid
 */
export function createMongoFeedSource(options: MongoFeedOptions): FeedSource {
  const { settings, tables, clock, awaitMs = AWAIT_MS } = options;
  const connection = openClient(settings);
  const { hosts, srvHost } = connection.client.options;
  const description = `MongoDB ${srvHost ?? hosts.join(',')}/${connection.database.databaseName}`;
  const requests = createRequests({ connection, description, retryWithinMs: settings.connectTimeoutMs, clock });
  const streams = new Set<FollowedStream>();
  const last: LastReadRecord = { current: null };

  return {
    name: 'documents',
    description,
    async open(signal) {
      const stream = followStream({ tables, requests, awaitMs, clock });
      streams.add(stream);
      const onClose = () => streams.delete(stream);
      try {
        const beginning = await beginStream(requests, stream, signal);
        // The stream reports collections that are created or dropped after it was opened.
        const found = await requests.runWithRetry((database) => findCollections(database, tables, signal), signal);
        const followed = { requests, tables, found, clock };
        const isStream = typeof beginning !== 'string';
        const reason = isStream ? whyNotFollowed(found) : beginning;
        if (isStream && reason === null) return createStreamSession({ ...followed, stream, beginning, onClose });
        await stream.close();
        onClose();
        return createIntervalSession({ ...followed, reason, intervalMs: settings.changeIntervalMs, last });
      } catch (error) {
        void stream.close().then(onClose);
        throw error;
      }
    },
    async close() {
      // Before the connections are closed: closing a stream sends a request to the server.
      await Promise.all([...streams].map((stream) => stream.close()));
      await settledWithin(connection.close(), CLOSE_WITHIN_MS);
    },
  };
}

/** Opens the stream. @returns text if the server refuses it, saying why */
function beginStream(
  requests: Requests,
  stream: FollowedStream,
  signal: AbortSignal,
): Promise<StreamBeginning | string> {
  return requests.runWithRetry(async (database) => {
    try {
      return await stream.begin(signal);
    } catch (error) {
      if (isRefusal(error)) return whyNoChangeStream(error.code, database.databaseName);
      throw error;
    }
  }, signal);
}

/** Why a stream would miss changes; null if it reports all collections. */
function whyNotFollowed({ withoutChanges }: FoundCollections): string | null {
  const [first] = withoutChanges;
  if (first === undefined) return null;
  const [name, type] = first;
  return `${name} is a ${type}, of which MongoDB tells no changes: an ordinary collection of that name would give a change stream`;
}

function openClient(settings: MongoSettings): RenewableClient {
  const { connectionString, connectTimeoutMs, poolSize, readPreference, readConcern } = settings;
  if (settings.database?.includes('.')) {
    throw new SourceError(
      'The name of the MongoDB database has a point in it, which the name of a database cannot have',
    );
  }
  try {
    const connection = createRenewableClient(connectionString, databaseNameOf(settings), {
      appName: 'Greg BI',
      maxPoolSize: poolSize,
      // A check of a lost server may last until its time-out. Two of them fit into a server selection.
      connectTimeoutMS: Math.ceil(connectTimeoutMs / 3),
      // Before the feed's deadline for reopening a session, so that the driver's reason is reported.
      serverSelectionTimeoutMS: Math.ceil(connectTimeoutMs * 0.8),
      heartbeatFrequencyMS: HEARTBEAT_MS,
      waitQueueTimeoutMS: connectTimeoutMs,
      // One invalid UTF-8 string would make its whole collection unreadable.
      enableUtf8Validation: false,
      ...(readPreference === null ? {} : { readPreference: ReadPreference.fromString(readPreference) }),
      ...(readConcern === null ? {} : { readConcern: new ReadConcern(readConcern) }),
    });
    // The driver validates the name now.
    void connection.database;
    return connection;
  } catch (error) {
    throw connectionStringError(connectionString, error);
  }
}
