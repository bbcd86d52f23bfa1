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
  /** The documents of a collection, in their order; none where it is not there. */
  documents(collection: string): readonly Document[];
  /** The documents of some keys; a key may have several where its owner gave it twice. */
  documentsOf(collection: string, keys: ReadonlySet<RawCell>): readonly Document[];
  /** Appends documents; a collection that is not there is made. */
  insert(collection: string, documents: readonly Document[]): void;
  /** Puts a changed copy in a document's place; does nothing where it is gone. */
  update(collection: string, document: Document, set: Document): void;
  /** Takes a document out. */
  delete(collection: string, document: Document): void;
  /** Puts other documents in a collection's place, or drops it (null). */
  replace(collection: string, documents: readonly Document[] | null): void;
  /** What moved after a sequence number; undefined where nothing did. */
  movedSince(collection: string, sequence: number): CollectionMove | undefined;
  /** Forgets what moved up to a sequence number. */
  forget(sequence: number): void;
  /** The sequence number below which nothing is known any more. */
  readonly forgotten: number;
}

/** Beyond so many keys a collection is handed over whole. */
const MOST_KEYS = 20_000;

interface Held {
  documents: Document[];
  /** When it was last put in another's place. */
  replacedAt: number;
  /** When each key last moved. */
  readonly moved: Map<RawCell, number>;
}

/** @param initial documents by the name of their collection */
export function createCollections(
  initial: Readonly<Record<string, readonly Document[]>>,
  hooks: CollectionHooks = {},
): Collections {
  const held = new Map<string, Held>();
  const waker = createWaker();
  let sequence = 0;
  let forgotten = 0;

  const collectionOf = (name: string): Held => {
    const found = held.get(name);
    if (found !== undefined) return found;
    const made: Held = { documents: [], replacedAt: 0, moved: new Map() };
    held.set(name, made);
    return made;
  };
  const move = (name: string, documents: readonly Document[], appended: readonly Document[] | null) => {
    sequence += 1;
    const collection = collectionOf(name);
    for (const document of documents) collection.moved.set(rawKeyOf(document._id), sequence);
    if (collection.moved.size > MOST_KEYS) markWhole(collection, sequence);
    try {
      hooks.onChange?.(name, collection.documents, appended);
    } finally {
      waker.wake();
    }
  };
  for (const [name, documents] of Object.entries(initial)) collectionOf(name).documents = [...documents];

  return {
    waker,
    get sequence() {
      return sequence;
    },
    get forgotten() {
      return forgotten;
    },
    get names() {
      return [...held.keys()];
    },
    documents: (name) => held.get(name)?.documents ?? [],
    documentsOf: (name, keys) => (held.get(name)?.documents ?? []).filter(({ _id }) => keys.has(rawKeyOf(_id))),
    insert(name, documents) {
      const collection = collectionOf(name);
      for (const document of documents) collection.documents.push(document);
      move(name, documents, documents);
    },
    update(name, document, set) {
      const { documents } = collectionOf(name);
      const index = documents.lastIndexOf(document);
      if (index === -1) return;
      documents[index] = { ...document, ...set };
      move(name, [document, { ...document, ...set }], null);
    },
    delete(name, document) {
      const { documents } = collectionOf(name);
      const index = documents.lastIndexOf(document);
      if (index === -1) return;
      documents.splice(index, 1);
      move(name, [document], null);
    },
    replace(name, documents) {
      sequence += 1;
      if (documents === null) held.delete(name);
      else {
        const collection = collectionOf(name);
        collection.documents = [...documents];
        markWhole(collection, sequence);
      }
      waker.wake();
    },
    movedSince: (name, since) => moveOf(held.get(name), since),
    forget(until) {
      forgotten = Math.max(forgotten, until);
      for (const { moved } of held.values()) {
        for (const [key, at] of moved) if (at <= until) moved.delete(key);
      }
    },
  };
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
