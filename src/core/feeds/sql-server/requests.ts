import mssql, { type ConnectionPool, type Request } from 'mssql';
import { createSerialQueue } from '../../runtime/serial-queue.ts';

/** One or more statements in one request. */
export interface Statement {
  readonly text: string;
  /** `bigint` parameters by name, without the `@`. */
  readonly parameters?: Readonly<Record<string, number>>;
}

export interface ResultColumn {
  readonly name: string;
  /** A `time`, whose digits below the millisecond the driver keeps beside the date. */
  readonly isTime: boolean;
}

export type Row = readonly unknown[];

/** Some rows of one result of a request. */
export interface Chunk {
  /** Index of the result. */
  readonly result: number;
  readonly columns: readonly ResultColumn[];
  /** At most `CHUNK_ROWS`. A result without rows has one empty chunk. */
  readonly rows: readonly Row[];
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** A request fails after this long without progress, ms. */
  readonly stallMs: number;
}

/** Maximal number of rows in a chunk. */
const CHUNK_ROWS = 2_000;
/** A chunk ends after the row that reaches this many characters. */
const CHUNK_CHARACTERS = 4_000_000;

/**
 * Sends a request and passes its results to `take` in chunks, in order. Reading from the connection pauses while a chunk is
 * taken. The request is cancelled at the server if the signal is aborted, the result stalls, or `take` rejects.
 *
 * @throws what `take` throws, else the driver's error; its code is ETIMEOUT if the result stalled
 */
export async function streamResults(
  pool: ConnectionPool,
  statement: Statement,
  take: (chunk: Chunk) => Promise<void>,
  { signal, stallMs }: StreamOptions,
): Promise<void> {
  signal.throwIfAborted();
  const request = requestOf(pool, statement);
  request.stream = true;
  const failure = firstFailure(() => request.cancel());
  const queue = chunkQueue(request, take, failure, signal);
  const watch = watchProgress(queue, stallMs, () => {
    failure.set(new mssql.RequestError(`No answer for ${stallMs} ms`, 'ETIMEOUT'));
  });
  const abort = () => failure.set(signal.reason);

  signal.addEventListener('abort', abort, { once: true });
  request.on('recordset', (columns: unknown) => queue.begin(columnsOf(columns)));
  request.on('row', (row: unknown) => queue.row(Array.isArray(row) ? row : []));
  request.on('error', (error: unknown) => failure.note(error));
  try {
    await request.query(statement.text);
    queue.end();
    await queue.taken();
  } catch (error) {
    failure.note(error);
  } finally {
    watch.stop();
    signal.removeEventListener('abort', abort);
  }
  failure.throwIfSet();
}

/**
 * All rows of a request's first result, for small results.
 *
 * @throws as `streamResults` does
 */
export async function readRows(
  pool: ConnectionPool,
  statement: Statement,
  options: StreamOptions,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  const take = async ({ result, rows }: Chunk) => {
    if (result === 0) found.push(...rows);
  };
  await streamResults(pool, statement, take, options);
  return found;
}

function requestOf(pool: ConnectionPool, { parameters = {} }: Statement): Request {
  const request = pool.request();
  request.arrayRowMode = true;
  for (const [name, value] of Object.entries(parameters)) request.input(name, mssql.BigInt, value);
  return request;
}

interface Failure {
  /** Cancels the request with an error; the first one counts. */
  set(error: unknown): void;
  /** Records the error with which the request ended. */
  note(error: unknown): void;
  readonly isSet: boolean;
  throwIfSet(): void;
}

function firstFailure(cancel: () => void): Failure {
  let first: { readonly error: unknown } | undefined;
  return {
    set(error) {
      if (first !== undefined) return;
      first = { error };
      cancel();
    },
    note(error) {
      first ??= { error };
    },
    get isSet() {
      return first !== undefined;
    },
    throwIfSet() {
      if (first !== undefined) throw first.error;
    },
  };
}

interface ChunkQueue {
  begin(columns: readonly ResultColumn[]): void;
  row(row: Row): void;
  end(): void;
  /** Resolves once all chunks were taken. Never rejects. */
  taken(): Promise<void>;
  /** Grows with each row; null while the request waits for a chunk to be taken. */
  readonly progress: number | null;
}

function chunkQueue(
  request: Request,
  take: (chunk: Chunk) => Promise<void>,
  failure: Failure,
  signal: AbortSignal,
): ChunkQueue {
  let result = -1;
  let columns: readonly ResultColumn[] = [];
  let rows: Row[] = [];
  let characters = 0;
  let isAnnounced = true;
  let progress = 0;
  let waiting = 0;
  const queue = createSerialQueue();

  const handOver = async (chunk: Chunk) => {
    if (failure.isSet || signal.aborted) return;
    await take(chunk).catch((error: unknown) => failure.set(error));
  };
  const flush = () => {
    const chunk = { result, columns, rows };
    rows = [];
    characters = 0;
    isAnnounced = true;
    if (waiting++ === 0) request.pause();
    void queue(async () => {
      await handOver(chunk);
      if (--waiting === 0) request.resume();
    });
  };
  const end = () => {
    if (rows.length > 0 || !isAnnounced) flush();
  };
  return {
    begin(next) {
      end();
      result++;
      progress++;
      columns = next;
      isAnnounced = false;
    },
    row(row) {
      progress++;
      rows.push(row);
      for (const value of row) if (typeof value === 'string') characters += value.length;
      if (rows.length >= CHUNK_ROWS || characters >= CHUNK_CHARACTERS) flush();
    },
    end,
    taken: () => queue(() => {}),
    get progress() {
      return waiting > 0 ? null : progress;
    },
  };
}

/** Checks twice within the time, so that a stall is detected after 1 to 1.5 times as long. */
function watchProgress(queue: ChunkQueue, stallMs: number, stalled: () => void): { stop(): void } {
  let before: number | null = null;
  let unchanged = 0;
  const timer = setInterval(() => {
    const { progress } = queue;
    unchanged = progress !== null && progress === before ? unchanged + 1 : 0;
    before = progress;
    if (unchanged >= 2) stalled();
  }, stallMs / 2);
  return { stop: () => clearInterval(timer) };
}

function columnsOf(described: unknown): ResultColumn[] {
  if (!Array.isArray(described)) return [];
  return described.map((column: { readonly name?: unknown; readonly type?: unknown }) => ({
    name: String(column.name),
    isTime: column.type === mssql.Time,
  }));
}
