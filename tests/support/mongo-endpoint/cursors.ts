import type { Document, Timestamp } from 'mongodb';
import { eventBefore, type MongoData, positionOf, tokenOf } from './data.ts';

/** The error for a refused command (MongoDB manual, "Error Codes"). */
export interface MongoRefusal {
  readonly code: number;
  readonly codeName: string;
  readonly message: string;
  readonly errorLabels?: readonly string[];
}

export class RefusedError extends Error {
  constructor(readonly refusal: MongoRefusal) {
    super(refusal.message);
  }
}

/** Results that are fetched batch by batch. */
export interface Cursor {
  readonly namespace: string;
  /** The next batch. Waits up to this time for one that is not empty. */
  next(count: number, waitMs: number): Promise<{ readonly batch: readonly Document[]; readonly isLast: boolean }>;
  /** Position of a change stream; undefined for other results. */
  token(): Document | undefined;
}

const HISTORY_LOST: MongoRefusal = {
  code: 286,
  codeName: 'ChangeStreamHistoryLost',
  message: 'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
  errorLabels: ['NonResumableChangeStreamError'],
};

export function resultCursor(namespace: string, results: readonly Document[]): Cursor {
  let at = 0;
  return {
    namespace,
    async next(count) {
      const batch = results.slice(at, at + count);
      at += batch.length;
      return { batch, isLast: at >= results.length };
    },
    token: () => undefined,
  };
}

/** Where a change stream begins. */
export interface ChangeStart {
  readonly resumeAfter?: unknown;
  readonly startAtOperationTime?: Timestamp;
}

/**
 * @param wanted the event as the client gets it; null for one that it does not want
 * @throws RefusedError for a token that cannot be gone on from
 */
export function changeCursor(
  data: MongoData,
  namespace: string,
  start: ChangeStart,
  wanted: (event: Document) => Document | null,
): Cursor {
  let position = startOf(data, start);

  const take = (count: number) => {
    if (position < data.forgotten) throw new RefusedError(HISTORY_LOST);
    const batch: Document[] = [];
    for (const { at, event } of data.history) {
      if (at <= position) continue;
      const sent = wanted(event);
      if (sent !== null) batch.push(sent);
      if (batch.length < count) continue;
      position = at;
      return batch;
    }
    // A stream of a history that was set back waits for that time to come again.
    position = Math.max(position, data.newest);
    return batch;
  };
  return {
    namespace,
    async next(count, waitMs) {
      const until = performance.now() + waitMs;
      let batch = take(count);
      for (let left = waitMs; batch.length === 0 && left > 0; left = until - performance.now()) {
        await changeOr(data, left);
        batch = take(count);
      }
      return { batch, isLast: batch.some(({ operationType }) => operationType === 'invalidate') };
    },
    token: () => tokenOf(position),
  };
}

function startOf(data: MongoData, { resumeAfter, startAtOperationTime }: ChangeStart): number {
  if (resumeAfter === undefined) {
    const start = startAtOperationTime === undefined ? data.newest : eventBefore(startAtOperationTime);
    return Math.max(start, data.forgotten);
  }
  const from = positionOf(resumeAfter);
  if (from === undefined) {
    throw new RefusedError({ code: 260, codeName: 'InvalidResumeToken', message: 'Invalid resume token' });
  }
  if (from < data.forgotten) throw new RefusedError(HISTORY_LOST);
  return from;
}

function changeOr(data: MongoData, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      data.listeners.delete(done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    data.listeners.add(done);
  });
}
