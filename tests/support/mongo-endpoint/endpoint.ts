import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Document } from 'mongodb';
import { execute, refusalDocument, type ServerState } from './commands.ts';
import { type MongoRefusal, RefusedError } from './cursors.ts';
import {
  createData,
  dropCollection,
  dropDatabase,
  insertDocuments,
  type MongoData,
  removeDocument,
  renameCollection,
  replaceDocument,
  setBack,
  updateDocument,
} from './data.ts';
import { type Command, createCommandReader, replyTo } from './wire.ts';

export interface MongoEndpointOptions {
  readonly collections?: Readonly<Record<string, readonly Document[]>>;
  /** Null for a stand-alone server. */
  readonly replicaSet?: string | null;
  /** Names of the replica set's members; its own address by default. */
  readonly members?: readonly string[];
  /** Whether it accepts every PLAIN login. */
  readonly takesAnyPassword?: boolean;
  readonly port?: number;
  /** Data of an ended endpoint, which this one continues to serve. */
  readonly data?: MongoData;
}

/** Speaks MongoDB's wire protocol on a local port; mingo evaluates the queries. */
export interface MongoEndpoint {
  readonly port: number;
  /** Database and options for a port, which may be that of a proxy. */
  urlAt(port: number): string;
  readonly url: string;
  readonly data: MongoData;
  readonly openCursors: number;
  /** The last received command with this name. */
  latest(command: string): Document | undefined;
  insert(collection: string, documents: readonly Document[]): void;
  /** Sets fields of the document with this key. */
  update(collection: string, id: unknown, fields: Document): void;
  replace(collection: string, id: unknown, document: Document): void;
  remove(collection: string, id: unknown): void;
  rename(from: string, to: string): void;
  drop(collection: string): void;
  dropDatabase(): void;
  /** Refuses this number of commands with this name. */
  failNext(command: string, refusal: MongoRefusal, times?: number): void;
  /** Commands with this name that match get no answer until the returned function is called. */
  stall(command: string, isMeant?: (document: Document) => boolean): () => void;
  /** Drops all open cursors. */
  killCursors(): void;
  /** Holds an election: refuses commands meanwhile and closes every connection. */
  stepDown(): void;
  /** From now on it reports nothing newer, like a lagging secondary. */
  fallBehind(): void;
  /** Makes all positions so far unavailable for resuming. */
  expireHistory(): void;
  /** Simulates a restore from before the newest events; keeps the documents. */
  setBack(events: number): void;
  close(): Promise<void>;
}

const STEPPED_DOWN: MongoRefusal = {
  code: 189,
  codeName: 'PrimarySteppedDown',
  message: 'operation was interrupted',
  errorLabels: ['ResumableChangeStreamError'],
};

export async function startMongoEndpoint(options: MongoEndpointOptions = {}): Promise<MongoEndpoint> {
  const { replicaSet = 'rs0', data = createData('Support', options.collections ?? {}) } = options;
  let port = options.port ?? 0;
  const state: ServerState = {
    data,
    replicaSet,
    address: () => `127.0.0.1:${port}`,
    members: options.members ?? null,
    takesAnyPassword: options.takesAnyPassword === true,
    cursors: new Map(),
    election: 1,
    behindAt: null,
  };
  const sockets = new Set<Socket>();
  const failures = new Map<string, { readonly refusal: MongoRefusal; left: number }>();
  const stalls = new Map<string, { readonly over: Promise<void>; readonly isMeant: (document: Document) => boolean }>();
  const latest = new Map<string, Document>();

  const answer = async ({ document }: Command): Promise<Document> => {
    const name = Object.keys(document)[0] ?? '';
    latest.set(name, document);
    const stall = stalls.get(name);
    if (stall?.isMeant(document)) await stall.over;
    const failure = failures.get(name);
    try {
      if (failure !== undefined && failure.left-- > 0) throw new RefusedError(failure.refusal);
      return await execute(state, document);
    } catch (error) {
      if (error instanceof RefusedError) return refusalDocument(error.refusal);
      return refusalDocument({ code: 8, codeName: 'UnknownError', message: String(error) });
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    const reader = createCommandReader();
    let turn: Promise<unknown> = Promise.resolve();
    socket.on('data', (bytes) => {
      try {
        for (const command of reader.feed(bytes)) {
          turn = turn.then(async () => {
            const reply = replyTo(command, await answer(command));
            if (!socket.destroyed) socket.write(reply);
          });
        }
      } catch {
        socket.destroy();
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  const failNext = (command: string, refusal: MongoRefusal, times = 1) => {
    failures.set(command, { refusal, left: times });
  };
  const urlAt = (at: number) => `mongodb://127.0.0.1:${at}/${data.database}?directConnection=true`;

  return {
    ...{ port, urlAt, url: urlAt(port), data, failNext },
    get openCursors() {
      return state.cursors.size;
    },
    latest: (command) => latest.get(command),
    insert: (collection, documents) => insertDocuments(data, collection, documents),
    update: (collection, id, fields) => updateDocument(data, collection, id, fields),
    replace: (collection, id, document) => replaceDocument(data, collection, id, document),
    remove: (collection, id) => removeDocument(data, collection, id),
    rename: (from, to) => renameCollection(data, from, to),
    drop: (collection) => dropCollection(data, collection),
    dropDatabase: () => dropDatabase(data),
    stall(command, isMeant = () => true) {
      const { promise, resolve } = Promise.withResolvers<void>();
      stalls.set(command, { over: promise, isMeant });
      return () => {
        stalls.delete(command);
        resolve();
      };
    },
    killCursors: () => state.cursors.clear(),
    stepDown() {
      state.election++;
      state.cursors.clear();
      for (const command of ['getMore', 'aggregate']) failNext(command, STEPPED_DOWN);
      dropConnections();
    },
    fallBehind() {
      state.behindAt = data.newest - 1;
    },
    expireHistory() {
      data.newest++;
      data.forgotten = data.newest;
      for (const listener of data.listeners) listener();
    },
    setBack: (events) => setBack(data, events),
    async close() {
      server.close();
      dropConnections();
      await once(server, 'close');
    },
  };
}
