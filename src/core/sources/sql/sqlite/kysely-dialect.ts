import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteWorker } from './worker-client.ts';

/**
 * Kysely over a SQLite Worker.
 *
 * There is one connection; whoever reads or writes holds it for a whole transaction, so that the figures of one
 * snapshot are of one moment.
 */
export function sqliteWorkerDialect(worker: SqliteWorker): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(worker),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function createDriver(worker: SqliteWorker): Driver {
  const connection = createConnection(worker);
  const turns = createTurns();
  const run = async (sql: string) => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: async () => {},
    acquireConnection: async () => {
      await turns.take();
      return connection;
    },
    releaseConnection: async () => turns.pass(),
    beginTransaction: () => run('begin'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    destroy: async () => {},
  };
}

function createConnection(worker: SqliteWorker): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const rows = await worker.query({ sql, parameters });
      // The row type is what Kysely derived from the query and the tables; no driver can prove it.
      return { rows: rows as Row[] };
    },
    streamQuery() {
      throw new Error('Streaming is not supported by the embedded database');
    },
  };
}

/** First come, first served. */
function createTurns() {
  const queue: (() => void)[] = [];
  let taken = false;
  return {
    take(): Promise<void> | undefined {
      if (taken) return new Promise((resolve) => queue.push(resolve));
      taken = true;
      return undefined;
    },
    pass(): void {
      const next = queue.shift();
      if (next === undefined) taken = false;
      else next();
    },
  };
}
