import { describe } from 'bun:test';
import { type Document, MongoClient } from 'mongodb';
import { freeName } from './free-name.ts';
import { startMongoEndpoint } from './mongo-endpoint/endpoint.ts';
import { unless } from './unless.ts';

export type Collections = Readonly<Record<string, readonly Document[]>>;

/** A MongoDB database that belongs to the test, which may change it freely. */
export interface MongoServer {
  readonly database: string;
  /** Address of the writable server for a proxy: `http://host:port`. */
  readonly address: string;
  /** Settings of a source, through a proxy if its local port is given. */
  url(port?: number): string;
  documents(): Promise<Collections>;
  insert(collection: string, documents: readonly Document[]): Promise<void>;
  /** Sets fields of the document with this key. */
  update(collection: string, id: unknown, fields: Document): Promise<void>;
  replace(collection: string, id: unknown, document: Document): Promise<void>;
  remove(collection: string, id: unknown): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  drop(collection: string): Promise<void>;
  dropDatabase(): Promise<void>;
  /** Drops all open cursors. */
  killCursors(): Promise<void>;
  /** Holds an election. */
  stepDown(): Promise<void>;
  close(): Promise<void>;
}

export interface MongoKind {
  readonly isReplicaSet: boolean;
  open(collections: Collections): Promise<MongoServer>;
}

/** Repeats tests on everything that speaks MongoDB's wire protocol; asks the server of `TEST_MONGO_URL` what it is. */
export async function onEveryMongoServer(define: (kind: MongoKind) => void): Promise<void> {
  for (const isReplicaSet of [true, false]) {
    const title = `on ${isReplicaSet ? 'a replica set' : 'a stand-alone server'} that mingo answers for`;
    describe(title, () => define({ isReplicaSet, open: (collections) => openEndpoint(isReplicaSet, collections) }));
  }
  const url = realMongoUrl();
  const title = 'on the MongoDB of TEST_MONGO_URL';
  if (url === null) {
    const open = () => Promise.reject(new Error('There is none'));
    describe.skip(unless(mongoMissing, title), () => define({ isReplicaSet: true, open }));
    return;
  }
  const isReplicaSet = await isReplicaSetAt(url);
  const kind = isReplicaSet ? 'a replica set' : 'stand-alone';
  describe(`${title} (${kind})`, () =>
    define({ isReplicaSet, open: (collections) => openRealMongo(url, collections) }));
}

async function openEndpoint(isReplicaSet: boolean, collections: Collections): Promise<MongoServer> {
  const endpoint = await startMongoEndpoint({ collections, replicaSet: isReplicaSet ? 'rs0' : null });
  return {
    database: endpoint.data.database,
    address: `http://127.0.0.1:${endpoint.port}`,
    url: (port = endpoint.port) => endpoint.urlAt(port),
    documents: async () => Object.fromEntries(endpoint.data.collections),
    insert: async (collection, documents) => endpoint.insert(collection, documents),
    update: async (collection, id, fields) => endpoint.update(collection, id, fields),
    replace: async (collection, id, document) => endpoint.replace(collection, id, document),
    remove: async (collection, id) => endpoint.remove(collection, id),
    rename: async (from, to) => endpoint.rename(from, to),
    drop: async (collection) => endpoint.drop(collection),
    dropDatabase: async () => endpoint.dropDatabase(),
    killCursors: async () => endpoint.killCursors(),
    stepDown: async () => endpoint.stepDown(),
    close: () => endpoint.close(),
  };
}

/** The connection string of `TEST_MONGO_URL`; null without one. */
function realMongoUrl(): string | null {
  const url = process.env.TEST_MONGO_URL ?? '';
  return url === '' ? null : url;
}

/** Why real servers cannot be tested; null if they can. */
const mongoMissing: string | null = realMongoUrl() === null ? 'it is not set' : null;

async function isReplicaSetAt(url: string): Promise<boolean> {
  const client = new MongoClient(url);
  try {
    const { setName } = await client.db('admin').command({ hello: 1 });
    return typeof setName === 'string';
  } finally {
    await client.close();
  }
}

/** Creates a database with a unique name. */
async function openRealMongo(url: string, collections: Collections): Promise<MongoServer> {
  const client = new MongoClient(url);
  const admin = client.db('admin');
  const database = client.db(freeName());
  const { primary } = await admin.command({ hello: 1 });
  const address = String(primary ?? client.options.hosts[0]);
  /** As a command: the driver's types have no key of any type. */
  const change = async (collection: string, id: unknown, change: Document | null) => {
    const update = { update: collection, updates: [{ q: { _id: id }, u: change }] };
    const remove = { delete: collection, deletes: [{ q: { _id: id }, limit: 1 }] };
    await database.command(change === null ? remove : update);
  };
  const insert = async (name: string, documents: readonly Document[]) => {
    if (documents.length > 0) await database.collection(name).insertMany([...documents]);
  };
  for (const [name, documents] of Object.entries(collections)) {
    // Also creates collections without documents.
    await database.createCollection(name);
    await insert(name, documents);
  }
  return {
    database: database.databaseName,
    address: `http://${address}`,
    url: (port) => (port === undefined ? url : directUrl(url, `127.0.0.1:${port}`)),
    async documents() {
      const names = (await database.listCollections().toArray()).map(({ name }) => name);
      const found = names.map(async (name) => [name, await database.collection(name).find().toArray()] as const);
      return Object.fromEntries(await Promise.all(found));
    },
    insert,
    update: (name, id, fields) => change(name, id, { $set: fields }),
    replace: change,
    remove: (name, id) => change(name, id, null),
    rename: async (from, to) => void (await database.renameCollection(from, to)),
    drop: async (name) => void (await database.dropCollection(name)),
    dropDatabase: async () => void (await database.dropDatabase()),
    killCursors: async () => void (await admin.command({ killAllSessions: [] })),
    stepDown: async () =>
      void (await admin.command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 1, force: true })),
    async close() {
      await database.dropDatabase();
      await client.close();
    },
  };
}

/** The connection string for one host alone, without other members of its replica set. */
function directUrl(url: string, host: string): string {
  const [, credentials = '', rest = ''] = /^mongodb(?:\+srv)?:\/\/([^@/]*@)?[^/?]+(.*)$/.exec(url) ?? [];
  const [path = '/', query = ''] = rest.split('?', 2);
  const options = new URLSearchParams(query);
  options.delete('replicaSet');
  options.set('directConnection', 'true');
  return `mongodb://${credentials}${host}${path || '/'}?${options}`;
}
