import type { Database } from 'bun:sqlite';
import type { SqliteReply, SqliteRequest, Statement, WriteStatement } from './messages.ts';
import { shadowForeignInstants } from './normalise.ts';

/** The Worker's end of the message port. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent<SqliteRequest>) => void) | null;
  postMessage(reply: SqliteReply): void;
}

/**
 * Answers requests about a database from inside a Worker, one at a time, so that no query ever stalls the event loop.
 *
 * @param description what a person sees of this source
 * @param isCanonical every instant is known to have the one form: none is looked for in another at the start
 */
export function serveDatabase(database: Database, port: WorkerPort, description: string, isCanonical = false): void {
  if (!isCanonical) shadowForeignInstants(database);
  let version = dataVersion(database);

  const answer = (request: SqliteRequest): readonly unknown[] => {
    switch (request.kind) {
      case 'query':
        return run(database, request.statement);
      case 'write':
        return write(database, request.statements);
      case 'columns':
        return columnsOf(database);
      case 'version': {
        const current = dataVersion(database);
        if (current !== version) shadowForeignInstants(database);
        version = current;
        return [{ version }];
      }
      case 'close':
        database.close();
        return [];
    }
  };

  port.onmessage = ({ data: request }) => {
    try {
      port.postMessage({ kind: 'rows', id: request.id, rows: answer(request) });
    } catch (error) {
      port.postMessage({
        kind: 'failed',
        id: request.id,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  };
  port.postMessage({ kind: 'ready', description });
}

function run(database: Database, { sql, parameters }: Statement): unknown[] {
  return database.query<unknown, (string | number | null)[]>(sql).all(...parameters.map(bindable));
}

function write(database: Database, statements: readonly WriteStatement[]): unknown[] {
  database.transaction(() => {
    for (const { sql, parameters } of statements) database.query(sql).run(...parameters.map(bindable));
  })();
  return [];
}

function bindable(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`);
}

function columnsOf(database: Database): unknown[] {
  return database
    .query(
      `select tables.name as "table", columns.name as "column"
       from sqlite_schema as tables, pragma_table_info(tables.name) as columns
       where tables.type in ('table', 'view')`,
    )
    .all();
}

/** Moves when another connection, so another process, has written to the file. */
function dataVersion(database: Database): number {
  const row = database.query<{ data_version: number }, []>('pragma data_version').get();
  return row?.data_version ?? 0;
}
