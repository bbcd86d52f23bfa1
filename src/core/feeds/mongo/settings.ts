import type { ReadConcernLevel } from 'mongodb';

/** How to connect to MongoDB. */
export interface MongoSettings {
  /** May contain any option of the driver. */
  readonly connectionString: string;
  /** Null: the database in the connection string's path, else the back end's default. */
  readonly database: string | null;
  /** Null: from the connection string, else the driver's default. */
  readonly readPreference: string | null;
  readonly readConcern: ReadConcernLevel | null;
  /** A server that has not answered by then counts as unreachable. */
  readonly connectTimeoutMs: number;
  readonly poolSize: number;
  /** How often everything is read if the server cannot report changes, ms. */
  readonly changeIntervalMs: number;
}

/** The back end's default database (contract, section 2). */
const USUAL_DATABASE = 'MeuCrudSupportDb';

/** Not from the driver: without a database in the path it returns `test`, which may also be the name in the path. */
export function databaseNameOf({ database, connectionString }: MongoSettings): string {
  if (database !== null) return database;
  const [, name = ''] = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(connectionString) ?? [];
  return name === '' ? USUAL_DATABASE : decodeURIComponent(name);
}
