import type { Document } from 'mongodb';
import { runPipeline } from '../../../src/core/sources/mongo/embedded/engine.ts';
import { withDigits } from '../with-digits.ts';
import type { MongoData } from './data.ts';

/** The results of an aggregation pipeline, by the embedded engine. */
export function aggregate(data: MongoData, collection: string, stages: readonly Document[]): Document[] {
  const legible = new Map([[collection, (data.collections.get(collection) ?? []).map(withDigits)]]);
  return runPipeline(legible, collection, stages).filter(isDocument);
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null;
}
