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

interface Held {
  documents: Document[];
  /** The sequence number when all documents were last replaced. */
  replacedAt: number;
  /** The sequence number of each key's last change. */
  readonly moved: Map<RawCell, number>;
}

interface State {
  readonly held: Map<string, Held>;
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
  const state: State = { held: new Map(), hooks, waker: createWaker(), sequence: 0, forgotten: 0 };
  const { held } = state;
  for (const [name, documents] of Object.entries(initial)) heldOf(state, name).documents = [...documents];
  return {
    waker: state.waker,
    get sequence() {
      return state.sequence;
    },
    get forgotten() {
      return state.forgotten;
    },
    get names() {
      return [...held.keys()];
    },
    documents: (name) => held.get(name)?.documents ?? [],
    documentsOf: (name, keys) => (held.get(name)?.documents ?? []).filter(({ _id }) => keys.has(rawKeyOf(_id))),
    insert(name, documents) {
      const collection = heldOf(state, name);
      for (const document of documents) collection.documents.push(document);
      note(state, name, documents, documents);
    },
    update(name, document, set) {
      const changed = { ...document, ...set };
      if (splice(heldOf(state, name), document, changed)) note(state, name, [document, changed], null);
    },
    delete(name, document) {
      if (splice(heldOf(state, name), document)) note(state, name, [document], null);
    },
    replace: (name, documents) => replace(state, name, documents),
    changedSince: (name, since) => changeOf(held.get(name), since),
    forget(until) {
      state.forgotten = Math.max(state.forgotten, until);
      for (const { moved } of held.values()) {
        for (const [key, at] of moved) if (at <= until) moved.delete(key);
      }
    },
  };
}

/** Creates the collection if it is missing. */
function heldOf({ held }: State, name: string): Held {
  const found = held.get(name);
  if (found !== undefined) return found;
  const created: Held = { documents: [], replacedAt: 0, moved: new Map() };
  held.set(name, created);
  return created;
}

/** Replaces a document with others. @returns whether it was there */
function splice({ documents }: Held, document: Document, ...others: readonly Document[]): boolean {
  const index = documents.lastIndexOf(document);
  if (index === -1) return false;
  documents.splice(index, 1, ...others);
  return true;
}

/** Records which documents changed, and wakes waiting polls. */
function note(state: State, name: string, documents: readonly Document[], appended: readonly Document[] | null): void {
  state.sequence += 1;
  const collection = heldOf(state, name);
  for (const document of documents) collection.moved.set(rawKeyOf(document._id), state.sequence);
  if (collection.moved.size > MOST_KEYS) markWhole(collection, state.sequence);
  try {
    state.hooks.onChange?.(name, collection.documents, appended);
  } finally {
    state.waker.wake();
  }
}

function replace(state: State, name: string, documents: readonly Document[] | null): void {
  state.sequence += 1;
  if (documents === null) state.held.delete(name);
  else {
    const collection = heldOf(state, name);
    collection.documents = [...documents];
    markWhole(collection, state.sequence);
  }
  state.waker.wake();
}

function markWhole(collection: Held, sequence: number): void {
  collection.replacedAt = sequence;
  collection.moved.clear();
}

function changeOf(collection: Held | undefined, since: number): CollectionChange | undefined {
  if (collection === undefined) return undefined;
  if (collection.replacedAt > since) return { kind: 'whole' };
  const keys = [...collection.moved].flatMap(([key, at]) => (at > since ? [key] : []));
  return keys.length === 0 ? undefined : { kind: 'keys', keys };
}
