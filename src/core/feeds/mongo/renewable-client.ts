import { type Db, MongoClient, type MongoClientOptions, MongoServerSelectionError } from 'mongodb';
import { isClosedClient, isLostConnection } from './failures.ts';

/** A client that is replaced after it lost its server. */
export interface RenewableClient {
  readonly client: MongoClient;
  readonly database: Db;
  /**
   * Replaces a client that found no server or lost a connection. If a connection ends during the driver's server check, the
   * check may hang, and the driver does not notice that the server is back. Its pool may also contain more dead connections.
   *
   * @param failing the client that failed, which may have been replaced already
   */
  failed(error: unknown, failing: MongoClient): void;
  /** Replaces the client, with its connections and their pending requests. */
  renew(failing: MongoClient): void;
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
  const renew = (failing: MongoClient) => {
    if (failing !== client || isClosed) return;
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
    failed(error, failing) {
      if (isClientLost(error)) renew(failing);
    },
    renew,
    close() {
      isClosed = true;
      return client.close();
    },
  };
}

/** Whether a client can no longer be used. */
function isClientLost(error: unknown): boolean {
  return (
    error instanceof MongoServerSelectionError ||
    isClosedClient(error) ||
    // The driver does not export its class.
    (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError') ||
    isLostConnection(error)
  );
}
