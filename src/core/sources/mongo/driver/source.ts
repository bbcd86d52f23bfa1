import { type Document, MongoParseError, ReadConcern, ReadPreference } from 'mongodb';
import { Subject, takeUntil } from 'rxjs';
import type { Clock } from '../../../runtime/clock.ts';
import type { ChangeDetection } from '../../changes/change-detection.ts';
import type { ResumeTokens } from '../../changes/resume-tokens.ts';
import { settledWithin } from '../../settled-within.ts';
import { SourceError } from '../../source-errors.ts';
import { withSignal } from '../../with-signal.ts';
import { checkResults } from '../check-results.ts';
import type { DocumentReader, DocumentSource } from '../source.ts';
import { sourceErrorOf } from './failures.ts';
import { createRenewableClient, type RenewableClient } from './renewable-client.ts';
import { databaseNameOf, type MongoSettings } from './settings.ts';
import { watchChanges } from './watch-changes.ts';

export interface MongoSourceOptions {
  readonly settings: MongoSettings;
  /** Collections whose changes matter. */
  readonly watched: readonly string[];
  readonly resumeTokens: ResumeTokens;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** Told how changes are noticed, when that is found out and when it changes. */
  readonly onDetection: (detection: ChangeDetection) => void;
}

/** More than this many results are refused: figures are made of groups, not of whole collections. */
const MAX_RESULTS = 100_000;
/** How often the driver looks whether a server is still there, ms. */
const HEARTBEAT_MS = 2_000;
/** Together they leave the server time to stop within five seconds. */
const END_WITHIN_MS = { stream: 500, connection: 1_000 };

/**
 * A MongoDB database as a source of features. Nothing is connected until something is asked, and a server that is away is
 * no error of the start.
 *
 * @throws SourceError when the connection string cannot be read
 */
export function createMongoSource(options: MongoSourceOptions): DocumentSource {
  const { settings, watched, resumeTokens, clock, random, onDetection } = options;
  const connection = openClient(settings);
  const { hosts, srvHost } = connection.client.options;
  const description = `MongoDB ${srvHost ?? hosts.join(',')}/${connection.database.databaseName}`;
  const closed = new Subject<void>();
  const watching = watchChanges({
    ...{ connection, watched, resumeTokens, clock, random, onDetection },
    tokenName: description,
    changeIntervalMs: settings.changeIntervalMs,
  });

  const read = async <Result>(work: (reader: DocumentReader) => Promise<Result>, signal: AbortSignal) => {
    await watching.begun();
    signal.throwIfAborted();
    const { client, database } = connection;
    try {
      return await client.withSession({ causalConsistency: true }, async (session) => {
        const newest = watching.newest();
        if (newest !== undefined) session.advanceOperationTime(newest);
        const listed = await database
          .listCollections({}, { nameOnly: true, session, signal })
          .map(({ name }) => name)
          .toArray();
        const there = new Set(listed);
        return work({
          has: (name) => there.has(name),
          aggregate: async (name, pipeline, schema) => {
            const stages: Document[] = pipeline.map((stage) => ({ ...stage }));
            const results: unknown[] = [];
            for await (const result of database.collection(name).aggregate(stages, { session, signal })) {
              if (results.push(result) > MAX_RESULTS) {
                throw new SourceError(`The pipeline on ${name} yields more than ${MAX_RESULTS} documents`);
              }
            }
            return checkResults(name, results, schema);
          },
        });
      });
    } catch (error) {
      connection.failed(error, client);
      throw sourceErrorOf(error, description);
    }
  };

  return {
    description,
    changes: watching.changes.pipe(takeUntil(closed)),
    changeDetection: watching.detection,
    read: (work, signal) => withSignal(read(work, signal), signal),
    async close() {
      closed.next();
      closed.complete();
      // While there is a connection: it is over it that the server is told.
      await settledWithin(watching.ended(), END_WITHIN_MS.stream);
      await settledWithin(connection.close(), END_WITHIN_MS.connection);
    },
  };
}

function openClient(settings: MongoSettings): RenewableClient {
  const { connectionString, connectTimeoutMs, poolSize, readPreference, readConcern } = settings;
  try {
    return createRenewableClient(connectionString, databaseNameOf(settings), {
      appName: 'Greg BI',
      maxPoolSize: poolSize,
      // A look at a server that has gone may last until its own time-out: two of them fit into a selection.
      connectTimeoutMS: Math.ceil(connectTimeoutMs / 3),
      serverSelectionTimeoutMS: connectTimeoutMs,
      heartbeatFrequencyMS: HEARTBEAT_MS,
      waitQueueTimeoutMS: connectTimeoutMs,
      ...(readPreference === null ? {} : { readPreference: ReadPreference.fromString(readPreference) }),
      ...(readConcern === null ? {} : { readConcern: new ReadConcern(readConcern) }),
    });
  } catch (error) {
    // The driver's own text may have a part of the string in it.
    const kind = error instanceof MongoParseError ? 'cannot be read' : 'cannot be used';
    throw new SourceError(`The MongoDB connection string ${kind}: mongodb://host:27017/database would do`, {
      cause: error,
    });
  }
}
