import type { ReadConcernLevel } from 'mongodb';

/** How a MongoDB is reached and asked. */
export interface MongoSettings {
  /** May have any option of the driver. */
  readonly connectionString: string;
  /** Null: the one in the connection string's path, else what the back end writes. */
  readonly database: string | null;
  /** Null: what the connection string says, else the driver's own. */
  readonly readPreference: string | null;
  readonly readConcern: ReadConcernLevel | null;
  /** A server that has not answered by then is taken to be away. */
  readonly connectTimeoutMs: number;
  readonly poolSize: number;
  /** How often everything is taken to have changed where the server cannot tell what did. */
  readonly changeIntervalMs: number;
}

/** The back end's default database (contract, section 2). */
const USUAL_DATABASE = 'MeuCrudSupportDb';

/** Without a database in the path the driver returns `test`, which may also be the name in the path. */
export function databaseNameOf({ database, connectionString }: MongoSettings): string {
  if (database !== null) return database;
  const [, name = ''] = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(connectionString) ?? [];
  return name === '' ? USUAL_DATABASE : decodeURIComponent(name);
}
