import { Subject } from 'rxjs';
import type { SourceChange } from '../../changes/source-change.ts';
import { SourceError } from '../../source-errors.ts';
import type { Stage } from '../source.ts';
import type { Document, DocumentReply, DocumentRequest } from './messages.ts';

type Request = DocumentRequest extends infer One ? (One extends DocumentRequest ? Omit<One, 'id'> : never) : never;

interface Pending {
  readonly results: unknown[];
  resolve(results: readonly unknown[]): void;
  reject(error: Error): void;
}

/** The event loop's end of a document Worker: a promise a request. */
export interface DocumentWorker {
  readonly description: string;
  /** Collections that moved, whoever moved them. Completes when the Worker is closed. */
  readonly changes: Subject<SourceChange>;
  collections(): Promise<ReadonlySet<string>>;
  aggregate(collection: string, pipeline: readonly Stage[]): Promise<readonly unknown[]>;
  insert(collection: string, documents: readonly Document[]): Promise<void>;
  /** @returns how many documents matched */
  update(collection: string, filter: Document, set: Document): Promise<number>;
  close(): Promise<void>;
}

/** What is used of a `Worker`: tests put collections of their own thread behind it. */
export interface DocumentWorkerHandle {
  onmessage: ((event: MessageEvent<DocumentReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: DocumentRequest): void;
  terminate(): void;
}

/**
 * Waits until a Worker that ends up in `serveCollections` is ready.
 *
 * @param onProgress lines that the Worker reports while it prepares its data
 * @throws SourceError when the Worker cannot load or make its collections
 */
export async function connectDocumentWorker(
  worker: DocumentWorkerHandle,
  onProgress: (text: string) => void,
): Promise<DocumentWorker> {
  const pending = new Map<number, Pending>();
  const changes = new Subject<SourceChange>();
  const ready = Promise.withResolvers<string>();
  let lastId = 0;
  let stopped: SourceError | undefined;

  const stop = (message: string) => {
    stopped = new SourceError(message);
    ready.reject(stopped);
    for (const { reject } of pending.values()) reject(stopped);
    pending.clear();
  };
  const take = (reply: DocumentReply) => {
    if (reply.kind === 'ready') ready.resolve(reply.description);
    else if (reply.kind === 'progress') onProgress(reply.text);
    else if (reply.kind === 'changed') changes.next({ names: new Set([reply.collection]) });
    else if (reply.id === null) stop(reply.kind === 'failed' ? reply.message : 'unexpected reply');
    else settle(pending, reply.id, reply);
  };
  worker.onmessage = ({ data: reply }) => take(reply);
  worker.onerror = (event) => stop(`The embedded documents stopped: ${event.message}`);

  const send = (request: Request): Promise<readonly unknown[]> => {
    if (stopped !== undefined) return Promise.reject(stopped);
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
    pending.set(id, { results: [], resolve, reject });
    try {
      worker.postMessage({ ...request, id });
    } catch (error) {
      pending.delete(id);
      reject(new SourceError(`The embedded documents cannot take this: ${messageOf(error)}`));
    }
    return promise;
  };

  return {
    description: await ready.promise,
    changes,
    collections: async () => new Set((await send({ kind: 'collections' })).filter((name) => typeof name === 'string')),
    aggregate: (collection, pipeline) => send({ kind: 'aggregate', collection, pipeline }),
    async insert(collection, documents) {
      await send({ kind: 'insert', collection, documents });
    },
    async update(collection, filter, set) {
      const [matched] = await send({ kind: 'update', collection, filter, set });
      return typeof matched === 'number' ? matched : 0;
    },
    async close() {
      changes.complete();
      if (stopped === undefined) await send({ kind: 'close' });
      stop('The embedded documents are closed');
      worker.terminate();
    },
  };
}

function settle(
  pending: Map<number, Pending>,
  id: number,
  reply: Extract<DocumentReply, { kind: 'results' | 'failed' }>,
): void {
  const waiting = pending.get(id);
  if (waiting === undefined) return;
  if (reply.kind === 'results') for (const result of reply.results) waiting.results.push(result);
  if (reply.kind === 'results' && reply.more) return;
  pending.delete(id);
  if (reply.kind === 'results') waiting.resolve(waiting.results);
  else waiting.reject(new SourceError(reply.message));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
