import { Query } from 'mingo/query';
import { queryOptions } from './engine.ts';
import type { Document } from './messages.ts';

/**
 * Puts a changed copy in the place of every document that matches.
 *
 * @param filter a MongoDB query
 * @param set top-level fields and their new values
 * @returns how many documents matched
 */
export function updateDocuments(documents: Document[], filter: Document, set: Document): number {
  const query = new Query<Document>(filter, queryOptions);
  let matched = 0;
  for (const [index, document] of documents.entries()) {
    if (!query.test(document)) continue;
    documents[index] = { ...document, ...set };
    matched += 1;
  }
  return matched;
}
