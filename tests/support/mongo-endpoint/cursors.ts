import type { Document } from 'mongodb';
import { type MongoData, positionOf, tokenOf } from './data.ts';

/** What the server refuses a command with (MongoDB manual, "Error Codes"). */
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
  /** The next batch; waits up to so long for one that is not empty. */
  next(count: number, waitMs: number): Promise<{ readonly batch: readonly Document[]; readonly isLast: boolean }>;
  /** Where a change stream stands; undefined for other results. */
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

/** @throws RefusedError for a token that cannot be gone on from */
export function changeCursor(
  data: MongoData,
  namespace: string,
  resumeAfter: unknown,
  wanted: (events: readonly Document[]) => readonly Document[],
): Cursor {
  const from = resumeAfter === undefined ? data.newest : positionOf(resumeAfter);
  if (from === undefined) {
    throw new RefusedError({ code: 260, codeName: 'InvalidResumeToken', message: 'Invalid resume token' });
  }
  if (from < data.forgotten || from > data.newest) throw new RefusedError(HISTORY_LOST);
  let position = from;

  const pending = () => {
    if (position < data.forgotten) throw new RefusedError(HISTORY_LOST);
    const events = data.history.filter((change) => change.at > position).map(({ event }) => event);
    position = data.newest;
    return wanted(events);
  };
  return {
    namespace,
    async next(_, waitMs) {
      let batch = pending();
      if (batch.length === 0 && waitMs > 0) {
        await changeOr(data, waitMs);
        batch = pending();
      }
      return { batch, isLast: batch.some(({ operationType }) => operationType === 'invalidate') };
    },
    token: () => tokenOf(position),
  };
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
