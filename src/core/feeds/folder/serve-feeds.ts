import type { SourceName } from '../../../company/table.ts';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { SourceError } from '../../runtime/source-errors.ts';
import { type ChangeSink, type FeedSession, type FeedSource, SessionOutdatedError } from '../feed-source.ts';
import type { FeedHandlers, Part, ReadRequest } from './feed-messages.ts';

/** How many parts are prepared ahead of the event loop's requests. */
const PARTS_AHEAD = 1;

/** Serves feeds from inside a Worker, for `serveCalls`. */
export function feedHandlers(sources: Readonly<Record<SourceName, FeedSource>>): FeedHandlers {
  const sessions = new Map<number, FeedSession>();
  const readings = new Map<number, Reading>();

  const sessionOf = (number: number): FeedSession => {
    const session = sessions.get(number);
    if (session === undefined) throw new SourceError('The session is closed');
    return session;
  };
  const nextPart = async (number: number): Promise<Part> => {
    const reading = readings.get(number);
    if (reading === undefined) throw new SourceError('The reading was cancelled');
    const part = await reading.next();
    if (part.kind === 'end' || part.kind === 'outdated') readings.delete(number);
    return part;
  };
  return {
    async openFeed(source, number) {
      const session = await sources[source].open(new AbortController().signal);
      sessions.set(number, session);
      const { mode, reason, catalog, pauseMs, image = null } = session;
      return { mode, reason, catalog, pauseMs, image };
    },
    canFollow: (session, position) => sessionOf(session).canFollow(position, new AbortController().signal),
    async startReading(session, reading, request) {
      readings.set(reading, startReading(sessionOf(session), request));
      return nextPart(reading);
    },
    nextPart,
    stopReading(number) {
      readings.get(number)?.stop();
      readings.delete(number);
    },
    compare: async (session) => (await sessionOf(session).compare?.(new AbortController().signal)) ?? [],
    async closeSession(number) {
      const session = sessions.get(number);
      sessions.delete(number);
      await session?.close();
    },
    closeFeed: (source) => sources[source].close(),
  };
}

interface Reading {
  /** @throws what the session throws */
  next(): Promise<Part>;
  stop(): void;
}

/** Runs a load or a poll up to `PARTS_AHEAD` parts ahead, and returns its parts one by one. */
function startReading(session: FeedSession, request: ReadRequest): Reading {
  const abort = new AbortController();
  const parts: Part[] = [];
  /** A request that no part was ready for. */
  let requested: PromiseWithResolvers<Part> | null = null;
  let hasRoom = Promise.withResolvers<void>();
  let failure: { readonly error: unknown } | null = null;

  const give = (part: Part) => {
    if (requested === null) parts.push(part);
    else requested.resolve(part);
    requested = null;
  };
  const put = async (part: Part) => {
    give(part);
    while (parts.length > PARTS_AHEAD && !abort.signal.aborted) await hasRoom.promise;
  };
  const sink: ChangeSink = {
    rows: (table, rows) => put({ kind: 'rows', table, text: JSON.stringify(rows satisfies readonly RawRow[]) }),
    deleted: (table, keys) => put({ kind: 'deleted', table, text: JSON.stringify(keys satisfies readonly RawCell[]) }),
    whole: (table) => put({ kind: 'whole', table }),
  };
  read(session, request, sink, abort.signal).then(
    (position) => give({ kind: 'end', position, pauseMs: session.pauseMs, image: session.image ?? null }),
    (error: unknown) => {
      if (error instanceof SessionOutdatedError) {
        give({ kind: 'outdated', reason: error.message, reload: error.reload });
        return;
      }
      failure = { error };
      requested?.reject(error);
      requested = null;
    },
  );
  return {
    next() {
      const part = parts.shift();
      hasRoom.resolve();
      hasRoom = Promise.withResolvers();
      if (part !== undefined) return Promise.resolve(part);
      if (failure !== null) return Promise.reject(failure.error);
      requested = Promise.withResolvers();
      return requested.promise;
    },
    stop() {
      abort.abort();
      hasRoom.resolve();
    },
  };
}

function read(
  session: FeedSession,
  request: ReadRequest,
  sink: ChangeSink,
  signal: AbortSignal,
): Promise<string | null> {
  if (request.kind === 'load') return session.load(sink, signal);
  return session.poll(request.position, sink, signal, request.mustCatchUp);
}
