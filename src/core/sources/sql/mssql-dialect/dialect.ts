import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  MssqlAdapter,
  MssqlIntrospector,
  MssqlQueryCompiler,
} from 'kysely';
import type { ConnectionPool } from 'mssql';
import { createConnection, type MssqlConnection } from './connection.ts';

export interface MssqlPoolDialectOptions {
  /**
   * The pool to take connections from, connected. Asked at each acquisition, so that it may be connected on first use
   * and again after a failure. Whoever made it closes it: Kysely's `destroy` leaves it open.
   */
  readonly pool: () => Promise<ConnectionPool>;
  /**
   * Aborted, the statement under way is cancelled on the server ([MS-TDS] 2.2.1.7, Attention), and no other is sent.
   * Make a Kysely for each piece of work that is to be cancelled as a whole; it costs microseconds.
   */
  readonly signal?: AbortSignal;
}

/**
 * A Kysely dialect for SQL Server whose driver is `mssql`'s `ConnectionPool`.
 *
 * Kysely's own MssqlDialect brings a pool of its own over tedious. This one shares the pool, the diagnostics channels
 * and the connection strings of an application that uses `mssql`, and differs in two things: dates are bound as
 * `datetime2`, which has their milliseconds, and `bigint` columns are numbers.
 *
 *     const pool = new mssql.ConnectionPool('Server=localhost;Database=Shop;User Id=reader;Password=…');
 *     const database = new Kysely<Tables>({ dialect: mssqlPoolDialect({ pool: () => pool.connect() }) });
 *     const newest = await database.selectFrom('Orders').selectAll().orderBy('CreatedAt', 'desc').top(10).execute();
 *
 * Results are not streamed: a query is answered whole.
 */
export function mssqlPoolDialect(options: MssqlPoolDialectOptions): Dialect {
  return {
    createAdapter: () => new MssqlAdapter(),
    createDriver: () => createDriver(options),
    createIntrospector: (database) => new MssqlIntrospector(database),
    createQueryCompiler: () => new MssqlQueryCompiler(),
  };
}

function createDriver({ pool, signal }: MssqlPoolDialectOptions): Driver {
  const connections = new WeakMap<DatabaseConnection, MssqlConnection>();
  const ours = (connection: DatabaseConnection): MssqlConnection => {
    const found = connections.get(connection);
    if (found === undefined) throw new Error('The connection was not acquired from this driver');
    return found;
  };
  return {
    init: async () => {},
    async acquireConnection() {
      const connection = createConnection(await pool(), signal);
      connections.set(connection, connection);
      return connection;
    },
    beginTransaction: (connection, { isolationLevel }) => ours(connection).begin(isolationLevel),
    commitTransaction: (connection) => ours(connection).commit(),
    rollbackTransaction: (connection) => ours(connection).rollback(),
    // `mssql` takes a connection from its pool for each request or transaction, and gives it back after it.
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}
