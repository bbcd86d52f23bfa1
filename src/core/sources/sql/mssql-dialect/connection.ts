import type { CompiledQuery, DatabaseConnection, IsolationLevel, QueryResult } from 'kysely';
import mssql, { type ConnectionPool, type Request, type Transaction } from 'mssql';
import { bindParameters } from './parameters.ts';
import { readRows } from './rows.ts';

/** What Kysely calls a connection: requests to the pool one after the other, or all of them in one transaction. */
export interface MssqlConnection extends DatabaseConnection {
  begin(level: IsolationLevel | undefined): Promise<void>;
  commit(): Promise<void>;
  /** A transaction that the server has ended already, or that went with its connection, needs nothing more. */
  rollback(): Promise<void>;
  cancelQuery(): Promise<void>;
}

const { ISOLATION_LEVEL } = mssql;
const LEVELS: { readonly [Level in IsolationLevel]: number } = {
  'read uncommitted': ISOLATION_LEVEL.READ_UNCOMMITTED,
  'read committed': ISOLATION_LEVEL.READ_COMMITTED,
  'repeatable read': ISOLATION_LEVEL.REPEATABLE_READ,
  serializable: ISOLATION_LEVEL.SERIALIZABLE,
  snapshot: ISOLATION_LEVEL.SNAPSHOT,
};

export function createConnection(pool: ConnectionPool, signal?: AbortSignal): MssqlConnection {
  let transaction: Transaction | undefined;
  let running: Request | undefined;

  const ended = async (end: (current: Transaction) => Promise<void>) => {
    const current = transaction;
    transaction = undefined;
    if (current !== undefined) await end(current);
  };

  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      signal?.throwIfAborted();
      const request = (transaction ?? pool).request();
      const cancel = () => request.cancel();
      bindParameters(request, parameters);
      signal?.addEventListener('abort', cancel, { once: true });
      running = request;
      try {
        const { recordset, rowsAffected } = await request.query<Row>(sql);
        const affected = rowsAffected.reduce((sum, count) => sum + count, 0);
        return { rows: readRows(recordset), numAffectedRows: BigInt(affected) };
      } finally {
        running = undefined;
        signal?.removeEventListener('abort', cancel);
      }
    },
    streamQuery() {
      throw new Error('This dialect does not stream results');
    },
    async begin(level) {
      const begun = new mssql.Transaction(pool);
      await begun.begin(level === undefined ? undefined : LEVELS[level]);
      transaction = begun;
    },
    commit: () => ended((current) => current.commit()),
    rollback: () => ended((current) => current.rollback().catch(() => {})),
    async cancelQuery() {
      running?.cancel();
    },
  };
}
