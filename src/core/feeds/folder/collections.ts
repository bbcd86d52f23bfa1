import type { RawCell } from '../../mirror/mirror-writer.ts';
import type { Document } from './document.ts';
import { rawKeyOf } from './raw-document.ts';
import { createWaker, type Waker } from './waker.ts';

/** What keeps the collections elsewhere too, in files for example. */
export interface CollectionHooks {
  /**
   * Called when documents were inserted or updated.
   *
   * @param documents the whole collection
   * @param appended the new documents at its end where nothing else changed, else null
   */
  onChange?(collection: string, documents: readonly Document[], appended: readonly Document[] | null): void;
}

/** What moved in a collection since some moment. */
export type CollectionMove = { readonly kind: 'whole' } | { readonly kind: 'keys'; readonly keys: readonly RawCell[] };

/** Collections in memory that know what moved in them. */
export interface Collections {
  readonly waker: Waker;
  /** Grows with every change. */
  readonly sequence: number;
  readonly names: readonly string[];
  /** The documents of a collection, in order; empty if it is missing. */
  documents(collection: string): readonly Document[];
  /** The documents of some keys; a key may have several where its owner gave it twice. */
  documentsOf(collection: string, keys: ReadonlySet<RawCell>): readonly Document[];
  /** Appends documents; a collection that is not there is made. */
  insert(collection: string, documents: readonly Document[]): void;
  /** Replaces a document with a changed copy; does nothing if it was deleted. */
  update(collection: string, document: Document, set: Document): void;
  /** Takes a document out. */
  delete(collection: string, document: Document): void;
  /** Puts other documents in a collection's place, or drops it (null). */
  replace(collection: string, documents: readonly Document[] | null): void;
  /** What moved after a sequence number; undefined if nothing did. */
  movedSince(collection: string, sequence: number): CollectionMove | undefined;
  /** Forgets what moved up to a sequence number. */
  forget(sequence: number): void;
  /** The sequence number below which nothing is known any more. */
  readonly forgotten: number;
}

/** Beyond so many keys the whole collection is read. */
const MOST_KEYS = 20_000;

interface Held {
  documents: Document[];
  /** When it was last put in another's place. */
  replacedAt: number;
  /** When each key last moved. */
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
    movedSince: (name, since) => moveOf(held.get(name), since),
    forget(until) {
      state.forgotten = Math.max(state.forgotten, until);
      for (const { moved } of held.values()) {
        for (const [key, at] of moved) if (at <= until) moved.delete(key);
      }
    },
  };
}

/** A collection that is not there is made. */
function heldOf({ held }: State, name: string): Held {
  const found = held.get(name);
  if (found !== undefined) return found;
  const made: Held = { documents: [], replacedAt: 0, moved: new Map() };
  held.set(name, made);
  return made;
}

/** Puts others in a document's place. @returns whether it was there */
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

function moveOf(collection: Held | undefined, since: number): CollectionMove | undefined {
  if (collection === undefined) return undefined;
  if (collection.replacedAt > since) return { kind: 'whole' };
  const keys = [...collection.moved].flatMap(([key, at]) => (at > since ? [key] : []));
  return keys.length === 0 ? undefined : { kind: 'keys', keys };
}
