import { BSON, type Document, Long, ObjectId, Timestamp } from 'mongodb';

/** A change event (MongoDB manual, "Change Events"). */
export interface ChangeEvent {
  readonly at: number;
  readonly event: Document;
}

/** The data of a server, which survive a restart of the endpoint. */
export interface MongoData {
  readonly database: string;
  readonly collections: Map<string, Document[]>;
  /** Views and time series by name; other collections are ordinary. */
  readonly types: Map<string, string>;
  readonly history: ChangeEvent[];
  /** Events up to this one are no longer available. */
  forgotten: number;
  /** Number of the newest event. */
  newest: number;
  readonly listeners: Set<() => void>;
}

export function createData(database: string, collections: Readonly<Record<string, readonly Document[]>>): MongoData {
  return {
    database,
    collections: new Map(Object.entries(collections).map(([name, documents]) => [name, documents.map(withId)])),
    types: new Map(),
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

/** Sets fields of one document; does nothing if it does not exist. */
export function updateDocument(data: MongoData, collection: string, id: unknown, fields: Document): void {
  change(data, collection, id, (held) => {
    const updated = { ...held, ...fields };
    return [updated, { operationType: 'update', updateDescription: { updatedFields: fields, removedFields: [] } }];
  });
}

export function replaceDocument(data: MongoData, collection: string, id: unknown, document: Document): void {
  change(data, collection, id, ({ _id }) => {
    const replaced = { _id, ...document };
    return [replaced, { operationType: 'replace', fullDocument: replaced }];
  });
}

export function removeDocument(data: MongoData, collection: string, id: unknown): void {
  change(data, collection, id, () => [null, { operationType: 'delete' }]);
}

/** The current document with a key; null if it does not exist. */
export function lookUp(data: MongoData, collection: string, id: unknown): Document | null {
  const key = keyText(id);
  return data.collections.get(collection)?.find(({ _id }) => keyText(_id) === key) ?? null;
}

export function dropCollection(data: MongoData, collection: string): boolean {
  if (!data.collections.delete(collection)) return false;
  note(data, collection, { operationType: 'drop' });
  return true;
}

export function renameCollection(data: MongoData, from: string, to: string): void {
  const documents = data.collections.get(from);
  if (documents === undefined) return;
  data.collections.delete(from);
  data.collections.set(to, documents);
  note(data, from, { operationType: 'rename', to: { db: data.database, coll: to } });
}

export function dropDatabase(data: MongoData): void {
  for (const collection of data.collections.keys()) dropCollection(data, collection);
  note(data, null, { operationType: 'dropDatabase' });
  note(data, null, { operationType: 'invalidate' });
}

/** Forgets the newest events. The caller decides which documents remain. */
export function setBack(data: MongoData, events: number): void {
  data.newest -= events;
  data.history.splice(0, data.history.length, ...data.history.filter(({ at }) => at <= data.newest));
}

/** The time of an event. */
export function timestampOf(at: number): Timestamp {
  return new Timestamp(Long.fromNumber(at + 1));
}

/** The newest event before a time. */
export function eventBefore(time: Timestamp): number {
  return time.toNumber() - 2;
}

/** A token sorts by time, as a server's does. */
export function tokenOf(at: number): Document {
  const { high, low } = timestampOf(at);
  return { _data: `82${hex(high)}${hex(low)}2B0229296E04` };
}

const hex = (number: number) => (number >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** The event before a token's position; undefined if it is not a token. */
export function positionOf(token: unknown): number | undefined {
  const text = typeof token === 'object' && token !== null && '_data' in token ? String(token._data) : '';
  const [, time] = /^82([0-9A-F]{16})2B0229296E04$/.exec(text) ?? [];
  return time === undefined ? undefined : Number.parseInt(time, 16) - 1;
}

function change(
  data: MongoData,
  collection: string,
  id: unknown,
  changed: (held: Document) => readonly [Document | null, Document],
): void {
  const documents = data.collections.get(collection) ?? [];
  const key = keyText(id);
  const index = documents.findIndex(({ _id }) => keyText(_id) === key);
  const held = documents[index];
  if (held === undefined) return;
  const [document, event] = changed(held);
  documents.splice(index, 1, ...(document === null ? [] : [document]));
  note(data, collection, { ...event, documentKey: { _id: held._id } });
}

function keyText(id: unknown): string {
  return BSON.EJSON.stringify({ id }, { relaxed: false });
}

function note(data: MongoData, collection: string | null, event: Document): void {
  const at = ++data.newest;
  const ns = collection === null ? { db: data.database } : { db: data.database, coll: collection };
  data.history.push({ at, event: { _id: tokenOf(at), clusterTime: timestampOf(at), ns, ...event } });
  for (const listener of data.listeners) listener();
}

function withId(document: Document): Document {
  return '_id' in document ? document : { _id: new ObjectId(), ...document };
}
