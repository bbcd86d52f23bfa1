import type { Stage } from '../source.ts';

/** Messages between the event loop and the Worker that holds the collections. */

/** A document as it is kept: an ObjectId is its 24 hexadecimal digits, which sort as it does; an instant is a `Date`. */
export type Document = Readonly<Record<string, unknown>>;

export type DocumentRequest =
  /** Answers the names of the collections. */
  | { readonly id: number; readonly kind: 'collections' }
  | {
      readonly id: number;
      readonly kind: 'aggregate';
      readonly collection: string;
      readonly pipeline: readonly Stage[];
    }
  | {
      readonly id: number;
      readonly kind: 'insert';
      readonly collection: string;
      readonly documents: readonly Document[];
    }
  /** Answers how many documents matched. */
  | {
      readonly id: number;
      readonly kind: 'update';
      readonly collection: string;
      readonly filter: Document;
      readonly set: Document;
    }
  | { readonly id: number; readonly kind: 'close' };

export type DocumentReply =
  | { readonly kind: 'ready'; readonly description: string }
  | { readonly kind: 'progress'; readonly text: string }
  /** Results come in pieces, so that taking in a long answer does not hold up the event loop either. */
  | { readonly kind: 'results'; readonly id: number; readonly results: readonly unknown[]; readonly more: boolean }
  /** A collection was written to, replaced or dropped. */
  | { readonly kind: 'changed'; readonly collection: string }
  | { readonly kind: 'failed'; readonly id: number | null; readonly message: string };
