import { type Document, Long, ObjectId, Timestamp } from 'mongodb';

/** One change, as a change stream tells it (MongoDB manual, "Change Events"). */
export interface ChangeEvent {
  readonly at: number;
  readonly event: Document;
}

/** What a server has: it outlives a restart of the endpoint. */
export interface MongoData {
  readonly database: string;
  readonly collections: Map<string, Document[]>;
  readonly history: ChangeEvent[];
  /** Events up to this one can no longer be asked for. */
  forgotten: number;
  /** Number of the newest event. */
  newest: number;
  readonly listeners: Set<() => void>;
}

export function createData(database: string, collections: Readonly<Record<string, readonly Document[]>>): MongoData {
  return {
    database,
    collections: new Map(Object.entries(collections).map(([name, documents]) => [name, documents.map(withId)])),
    history: [],
    forgotten: 0,
    newest: 0,
    listeners: new Set(),
  };
}

export function insertDocuments(data: MongoData, collection: string, documents: readonly Document[]): void {
  const held = data.collections.get(collection) ?? [];
  data.collections.set(collection, held);
  for (const document of documents.map(withId)) {
    held.push(document);
    note(data, collection, { operationType: 'insert', documentKey: { _id: document._id }, fullDocument: document });
  }
}

export function dropCollection(data: MongoData, collection: string): boolean {
  if (!data.collections.delete(collection)) return false;
  note(data, collection, { operationType: 'drop' });
  return true;
}

export function dropDatabase(data: MongoData): void {
  for (const collection of data.collections.keys()) dropCollection(data, collection);
  note(data, null, { operationType: 'dropDatabase' });
  note(data, null, { operationType: 'invalidate' });
}

/** A token sorts by time, as a server's does. */
export function tokenOf(at: number): Document {
  return { _data: at.toString(16).toUpperCase().padStart(16, '0') };
}

/** The event that a token stands after; undefined for what is no token. */
export function positionOf(token: unknown): number | undefined {
  const text = typeof token === 'object' && token !== null && '_data' in token ? String(token._data) : '';
  return /^[0-9A-F]{16}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

function note(data: MongoData, collection: string | null, event: Document): void {
  const at = ++data.newest;
  const ns = collection === null ? { db: data.database } : { db: data.database, coll: collection };
  const clusterTime = new Timestamp(Long.fromNumber(at));
  data.history.push({ at, event: { _id: tokenOf(at), clusterTime, ns, ...event } });
  for (const listener of data.listeners) listener();
}

function withId(document: Document): Document {
  return '_id' in document ? document : { _id: new ObjectId(), ...document };
}
