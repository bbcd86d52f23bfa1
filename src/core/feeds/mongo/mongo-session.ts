import type { FeedSession, FeedSource } from '../feed-source.ts';
import type { Comparison } from './compare.ts';

export interface MongoFeedSession extends FeedSession {
  /** What the collections come to, to be compared with the mirror's tables. */
  compare(signal: AbortSignal): Promise<readonly Comparison[]>;
}

export interface MongoFeedSource extends FeedSource {
  open(signal: AbortSignal): Promise<MongoFeedSession>;
}
