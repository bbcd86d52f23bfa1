import { Subject } from 'rxjs';
import type { SourceChange } from '../../changes/source-change.ts';
import { SourceError } from '../../source-errors.ts';
import type { SqliteReply, SqliteRequest, Statement, WriteStatement } from './messages.ts';

type Request = SqliteRequest extends infer One ? (One extends SqliteRequest ? Omit<One, 'id'> : never) : never;

interface Pending {
  resolve(rows: readonly unknown[]): void;
  reject(error: Error): void;
}

/** The event loop's end of a SQLite Worker: a promise a request. */
export interface SqliteWorker {
  readonly description: string;
  /** Tables written through this client. */
  readonly writes: Subject<SourceChange>;
  query(statement: Statement): Promise<readonly unknown[]>;
  /** Runs all statements in one transaction, then tells who watches the tables. */
  write(statements: readonly WriteStatement[]): Promise<void>;
  columns(): Promise<readonly (readonly [table: string, column: string])[]>;
  version(): Promise<number>;
  close(): Promise<void>;
}

/** What is used of a `Worker`: tests put a database of their own thread behind it. */
export interface WorkerHandle {
  onmessage: ((event: MessageEvent<SqliteReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: SqliteRequest): void;
  terminate(): void;
}

/**
 * Waits until a Worker that ends up in `serveDatabase` is ready.
 *
 * @param onProgress lines that the Worker reports while it prepares its data
 * @throws SourceError when the Worker cannot open or make its database
 */
export async function connectWorker(worker: WorkerHandle, onProgress: (text: string) => void): Promise<SqliteWorker> {
  const pending = new Map<number, Pending>();
  const writes = new Subject<SourceChange>();
  const ready = Promise.withResolvers<string>();
  let lastId = 0;
  let gone: SourceError | undefined;

  const failAll = (message: string) => {
    gone = new SourceError(message);
    ready.reject(gone);
    for (const { reject } of pending.values()) reject(gone);
    pending.clear();
  };
  worker.onmessage = ({ data: reply }) => {
    if (reply.kind === 'ready') ready.resolve(reply.description);
    else if (reply.kind === 'progress') onProgress(reply.text);
    else if (reply.id === null) failAll(reply.kind === 'failed' ? reply.message : 'unexpected reply');
    else settle(pending, reply.id, reply);
  };
  worker.onerror = (event) => failAll(`The embedded database stopped: ${event.message}`);

  const send = (request: Request): Promise<readonly unknown[]> => {
    if (gone !== undefined) return Promise.reject(gone);
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
    try {
      worker.postMessage({ ...request, id });
      pending.set(id, { resolve, reject });
    } catch (error) {
      reject(new SourceError(`The request cannot be handed to the embedded database: ${String(error)}`));
    }
    return promise;
  };

  return {
    description: await ready.promise,
    writes,
    query: (statement) => send({ kind: 'query', statement }),
    async write(statements) {
      await send({ kind: 'write', statements });
      writes.next({ names: new Set(statements.map(({ table }) => table)) });
    },
    async columns() {
      const rows = await send({ kind: 'columns' });
      return rows.flatMap((row) => (isColumnRow(row) ? [[row.table, row.column] as const] : []));
    },
    async version() {
      const [row] = await send({ kind: 'version' });
      return isVersionRow(row) ? row.version : 0;
    },
    async close() {
      writes.complete();
      if (gone === undefined) await send({ kind: 'close' });
      worker.terminate();
    },
  };
}

function settle(pending: Map<number, Pending>, id: number, reply: Extract<SqliteReply, { id: unknown }>): void {
  const waiting = pending.get(id);
  pending.delete(id);
  if (reply.kind === 'rows') waiting?.resolve(reply.rows);
  else waiting?.reject(new SourceError(reply.message));
}

function isColumnRow(row: unknown): row is { table: string; column: string } {
  return typeof row === 'object' && row !== null && 'table' in row && 'column' in row;
}

function isVersionRow(row: unknown): row is { version: number } {
  return typeof row === 'object' && row !== null && 'version' in row;
}
