import type { ChangeStream, ChangeStreamDocument, ChangeStreamOptions, Db, Document, ResumeToken } from 'mongodb';

/** An open change stream, read from one place onwards. */
export interface StreamTail {
  /** What came with the server's first answer, which `next` gives as well; null if nothing did. */
  readonly first: ChangeStreamDocument | null;
  /** Where the stream was opened; undefined if it came with a change and no token to go on from was given. */
  readonly start: ResumeToken | undefined;
  /** Everything up to here was given by `next`, or comes with the next one where that is not idle. */
  readonly token: ResumeToken;
  /** Whether the next change has to be asked for at the server. */
  readonly isIdle: boolean;
  /** The next change; null when the server had none for a while. The driver resumes by itself after a step-down. */
  next(): Promise<ChangeStreamDocument | null>;
  /** Gives the stream up at the server, too. */
  close(): Promise<void>;
}

/** Where a stream begins. */
export type StreamStart = Pick<ChangeStreamOptions, 'resumeAfter' | 'startAtOperationTime'>;

/** Changes that one answer of the server may hold. */
const BATCH_SIZE = 5_000;

/**
 * @param awaitMs how long the server waits for a change before it answers without one
 * @throws the driver's error when the server opens no stream there
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
    // The only one that a change stream allows, whatever the connection string says.
    readConcern: 'majority',
    maxAwaitTimeMS: awaitMs,
    batchSize: BATCH_SIZE,
  });
  let asked: Promise<ChangeStreamDocument | null> | null = stream.tryNext();
  asked.catch(() => {});
  try {
    const { first, start } = await Promise.race([emptyAnswer(stream), firstAnswer(stream, asked, from)]);
    return {
      first,
      start,
      get token() {
        return stream.resumeToken;
      },
      get isIdle() {
        return asked === null && stream.bufferedCount() === 0;
      },
      next() {
        const next = asked ?? stream.tryNext();
        asked = null;
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

/** A first answer without a change has a token; the driver then waits for a change before it answers. */
function emptyAnswer(stream: ChangeStream): Promise<Opened> {
  return new Promise((resolve) => {
    // The token changes with a change as well, which is then given within the same turn of the event loop.
    stream.once('resumeTokenChanged', (start) => setImmediate(() => resolve({ first: null, start })));
  });
}

async function firstAnswer(
  stream: ChangeStream,
  asked: Promise<ChangeStreamDocument | null>,
  { resumeAfter }: StreamStart,
): Promise<Opened> {
  const first = await asked;
  return { first, start: first === null ? stream.resumeToken : resumeAfter };
}
