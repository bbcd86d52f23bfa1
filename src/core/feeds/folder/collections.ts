import type { RawCell } from '../../mirror/mirror-writer.ts';
import type { Document } from './document.ts';
import { rawKeyOf } from './raw-document.ts';
import { createWaker, type Waker } from './waker.ts';

/** Called on changes, for example to save the collections in files. */
export interface CollectionHooks {
  /**
   * Called after documents were inserted, updated or deleted.
   *
   * @param documents the whole collection
   * @param appended the new documents at its end if nothing else changed, else null
   */
  onChange?(collection: string, documents: readonly Document[], appended: readonly Document[] | null): void;
}

/** What changed in a collection since a sequence number. */
export type CollectionChange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'keys'; readonly keys: readonly RawCell[] };

/** Collections in memory that track their changes. */
export interface Collections {
  readonly waker: Waker;
  /** Grows with every change. */
  readonly sequence: number;
  readonly names: readonly string[];
  /** The documents of a collection, in order; empty if it is missing. */
  documents(collection: string): readonly Document[];
  /** The documents with these keys; a key may have several documents. */
  documentsOf(collection: string, keys: ReadonlySet<RawCell>): readonly Document[];
  /** Appends documents; creates the collection if it is missing. */
  insert(collection: string, documents: readonly Document[]): void;
  /** Replaces a document with a changed copy; does nothing if it was deleted. */
  update(collection: string, document: Document, set: Document): void;
  /** Deletes a document; does nothing if it was deleted. */
  delete(collection: string, document: Document): void;
  /** Replaces all documents of a collection, or drops it (null). */
  replace(collection: string, documents: readonly Document[] | null): void;
  /** What changed after a sequence number; undefined if nothing did. */
  changedSince(collection: string, sequence: number): CollectionChange | undefined;
  /** Drops the tracked changes up to a sequence number. */
  forget(sequence: number): void;
  /** The tracked changes up to this sequence number were dropped. */
  readonly forgotten: number;
}

/** With more changed keys, the whole collection is read. */
const MOST_KEYS = 20_000;

interface Collection {
  documents: Document[];
  /** The sequence number when all documents were last replaced. */
  replacedAt: number;
  /** The sequence number of each key's last change. */
  readonly changedAt: Map<RawCell, number>;
}

interface State {
  readonly collections: Map<string, Collection>;
  readonly hooks: CollectionHooks;
  readonly waker: Waker;
  sequence: number;
  forgotten: number;
}

/** @param initial documents by the name of their collection */
export function createCollections(
  initial: Readonly<Record<string, readonly Document[]>>,
  hooks: CollectionHooks = {},
): Collections {
  const state: State = { collections: new Map(), hooks, waker: createWaker(), sequence: 0, forgotten: 0 };
  const { collections } = state;
  for (const [name, documents] of Object.entries(initial)) collectionOf(state, name).documents = [...documents];
  return {
    waker: state.waker,
    get sequence() {
      return state.sequence;
    },
    get forgotten() {
      return state.forgotten;
    },
    get names() {
      return [...collections.keys()];
    },
    documents: (name) => collections.get(name)?.documents ?? [],
    documentsOf: (name, keys) => (collections.get(name)?.documents ?? []).filter(({ _id }) => keys.has(rawKeyOf(_id))),
    insert(name, documents) {
      const collection = collectionOf(state, name);
      for (const document of documents) collection.documents.push(document);
      note(state, name, documents, documents);
    },
    update(name, document, set) {
      const changed = { ...document, ...set };
      if (splice(collectionOf(state, name), document, changed)) note(state, name, [document, changed], null);
    },
    delete(name, document) {
      if (splice(collectionOf(state, name), document)) note(state, name, [document], null);
    },
    replace: (name, documents) => replace(state, name, documents),
    changedSince: (name, since) => changeOf(collections.get(name), since),
    forget(until) {
      state.forgotten = Math.max(state.forgotten, until);
      for (const { changedAt } of collections.values()) {
        for (const [key, at] of changedAt) if (at <= until) changedAt.delete(key);
      }
    },
  };
}

/** Creates the collection if it is missing. */
function collectionOf({ collections }: State, name: string): Collection {
  const found = collections.get(name);
  if (found !== undefined) return found;
  const created: Collection = { documents: [], replacedAt: 0, changedAt: new Map() };
  collections.set(name, created);
  return created;
}

/** Replaces a document with others. @returns whether it was there */
function splice({ documents }: Collection, document: Document, ...others: readonly Document[]): boolean {
  const index = documents.lastIndexOf(document);
  if (index === -1) return false;
  documents.splice(index, 1, ...others);
  return true;
}

/** Records which documents changed, and wakes waiting polls. */
function note(state: State, name: string, documents: readonly Document[], appended: readonly Document[] | null): void {
  state.sequence += 1;
  const collection = collectionOf(state, name);
  for (const document of documents) collection.changedAt.set(rawKeyOf(document._id), state.sequence);
  if (collection.changedAt.size > MOST_KEYS) markWhole(collection, state.sequence);
  try {
    state.hooks.onChange?.(name, collection.documents, appended);
  } finally {
    state.waker.wake();
  }
}

function replace(state: State, name: string, documents: readonly Document[] | null): void {
  state.sequence += 1;
  if (documents === null) state.collections.delete(name);
  else {
    const collection = collectionOf(state, name);
    collection.documents = [...documents];
    markWhole(collection, state.sequence);
  }
  state.waker.wake();
}

function markWhole(collection: Collection, sequence: number): void {
  collection.replacedAt = sequence;
  collection.changedAt.clear();
}

function changeOf(collection: Collection | undefined, since: number): CollectionChange | undefined {
  if (collection === undefined) return undefined;
  if (collection.replacedAt > since) return { kind: 'whole' };
  const keys = [...collection.changedAt].flatMap(([key, at]) => (at > since ? [key] : []));
  return keys.length === 0 ? undefined : { kind: 'keys', keys };
}
