import { type Db, MongoClient, type MongoClientOptions, MongoServerSelectionError } from 'mongodb';
import { isClosedClient, isLostConnection } from './failures.ts';

/** A client that is replaced when it has lost its server for good. */
export interface RenewableClient {
  readonly client: MongoClient;
  readonly database: Db;
  /**
   * Takes note of a failure. A client that finds no server, or lost a connection, is thrown away, and the next question
   * goes through a new one: the driver's look at a server may never end when the connection goes at that very moment, and
   * then it would not notice that the server is back; and its pool may hold more connections that have ended.
   *
   * @param asked the client that failed, which may have been replaced already
   */
  failed(error: unknown, asked: MongoClient): void;
  /** Discards the client with its connections and their pending requests. */
  renew(asked: MongoClient): void;
  close(): Promise<void>;
}

/** @throws the driver's error when the connection string cannot be read */
export function createRenewableClient(
  connectionString: string,
  databaseName: string,
  options: MongoClientOptions,
): RenewableClient {
  let client = new MongoClient(connectionString, options);
  let isClosed = false;
  const renew = (asked: MongoClient) => {
    if (asked !== client || isClosed) return;
    client.close().catch(() => {});
    client = new MongoClient(connectionString, options);
  };
  return {
    get client() {
      return client;
    },
    get database() {
      return client.db(databaseName);
    },
    failed(error, asked) {
      if (isEndOf(error)) renew(asked);
    },
    renew,
    close() {
      isClosed = true;
      return client.close();
    },
  };
}

/** Whether a client can no longer be used. */
function isEndOf(error: unknown): boolean {
  return (
    error instanceof MongoServerSelectionError ||
    isClosedClient(error) ||
    // The driver does not export its class.
    (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError') ||
    isLostConnection(error)
  );
}
