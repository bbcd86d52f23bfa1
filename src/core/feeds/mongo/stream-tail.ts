import type { ChangeStream, ChangeStreamDocument, ChangeStreamOptions, Db, Document, ResumeToken } from 'mongodb';

/** An open change stream, read from one place onwards. */
export interface StreamTail {
  /** The change in the server's first answer, which `next` returns too; null if there was none. */
  readonly first: ChangeStreamDocument | null;
  /** Where the stream was opened; undefined if it was not resumed from a token and the first answer had a change. */
  readonly start: ResumeToken | undefined;
  /** `next` returned all changes up to here, or returns them next if the stream is not idle. */
  readonly token: ResumeToken;
  /** Whether `next` needs a request to the server. */
  readonly isIdle: boolean;
  /** The next change; null if the server had none for a while. The driver resumes after a step-down. */
  next(): Promise<ChangeStreamDocument | null>;
  /** Closes the stream, also at the server. */
  close(): Promise<void>;
}

/** Where a stream begins. */
export type StreamStart = Pick<ChangeStreamOptions, 'resumeAfter' | 'startAtOperationTime'>;

/** How many changes one answer of the server may contain. */
const BATCH_SIZE = 5_000;

/**
 * @param awaitMs how long the server waits for a change before it answers without one
 * @throws the driver's error if the server does not open the stream
 */
export async function openStreamTail(
  database: Db,
  pipeline: readonly Document[],
  from: StreamStart,
  awaitMs: number,
): Promise<StreamTail> {
  const stream = database.watch([...pipeline], {
    ...from,
    fullDocument: 'updateLookup',
    // The only read concern that a change stream allows.
    readConcern: 'majority',
    maxAwaitTimeMS: awaitMs,
    batchSize: BATCH_SIZE,
  });
  let firstRequest: Promise<ChangeStreamDocument | null> | null = stream.tryNext();
  firstRequest.catch(() => {});
  try {
    const { first, start } = await Promise.race([emptyAnswer(stream), firstAnswer(stream, firstRequest, from)]);
    return {
      first,
      start,
      get token() {
        return stream.resumeToken;
      },
      get isIdle() {
        return firstRequest === null && stream.bufferedCount() === 0;
      },
      next() {
        const next = firstRequest ?? stream.tryNext();
        firstRequest = null;
        return next;
      },
      close: () => stream.close(),
    };
  } catch (error) {
    await stream.close().catch(() => {});
    throw error;
  }
}

interface Opened {
  readonly first: ChangeStreamDocument | null;
  readonly start: ResumeToken | undefined;
}

/** Resolves at a first answer without a change, which has a token; the driver itself waits for a change. */
function emptyAnswer(stream: ChangeStream): Promise<Opened> {
  return new Promise((resolve) => {
    // A change also changes the token; it is returned within the same turn of the event loop.
    stream.once('resumeTokenChanged', (start) => setImmediate(() => resolve({ first: null, start })));
  });
}

async function firstAnswer(
  stream: ChangeStream,
  request: Promise<ChangeStreamDocument | null>,
  { resumeAfter }: StreamStart,
): Promise<Opened> {
  const first = await request;
  return { first, start: first === null ? stream.resumeToken : resumeAfter };
}
