import { Database } from 'bun:sqlite';
import type { SqliteReply, SqliteRequest } from '../../src/core/sources/sql/sqlite/messages.ts';
import { createTableStatements, sqliteIndexes } from '../../src/core/sources/sql/sqlite/schema.ts';
import { serveDatabase, type WorkerPort } from '../../src/core/sources/sql/sqlite/serve.ts';
import { createSqliteSource, type SqliteSource } from '../../src/core/sources/sql/sqlite/source.ts';
import { connectWorker, type WorkerHandle } from '../../src/core/sources/sql/sqlite/worker-client.ts';

/**
 * A source over a database of the test's own thread: the same messages, the same code at both ends, without the cost of
 * starting a Worker for each of hundreds of random databases.
 */
export async function sqliteSourceOf(database: Database): Promise<SqliteSource> {
  const handle: WorkerHandle = {
    onmessage: null,
    onerror: null,
    postMessage: (request: SqliteRequest) => queueMicrotask(() => port.onmessage?.(message(request))),
    terminate: () => {},
  };
  const port: WorkerPort = {
    onmessage: null,
    postMessage: (reply: SqliteReply) => queueMicrotask(() => handle.onmessage?.(message(reply))),
  };
  const connected = connectWorker(handle, () => {});
  serveDatabase(database, port, 'test database');
  return createSqliteSource(await connected);
}

/**
 * An empty database in memory with the tables of the contract.
 *
 * @param without optional columns to leave out, as `Table.Column`
 */
export function emptyDatabase(without: ReadonlySet<string> = new Set()): Database {
  const database = new Database(':memory:');
  for (const statement of createTableStatements(without)) database.run(statement);
  if (without.size === 0) for (const statement of sqliteIndexes) database.run(statement);
  return database;
}

function message<Data>(data: Data): MessageEvent<Data> {
  return new MessageEvent('message', { data });
}
