import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type ChangeSink, type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { type FoundCollections, findCollections } from './catalog.ts';
import { compareCollections } from './compare.ts';
import { type FollowedStream, MAX_CHANGES, outdated, type StreamBeginning, type Until } from './followed-stream.ts';
import { netChanges, writeChanges } from './net-changes.ts';
import { clusterTimeOf } from './position.ts';
import { readCollection } from './read-collection.ts';
import type { Requests } from './requests.ts';

export interface StreamSessionOptions {
  readonly requests: Requests;
  readonly tables: readonly MirroredTable[];
  readonly found: FoundCollections;
  readonly stream: FollowedStream;
  /** Where the stream was opened, before the load. */
  readonly beginning: StreamBeginning;
  readonly clock: Clock;
  readonly onClose: () => void;
}

/** A caller waits this long at most for the stream to reach the time of the call. */
const CATCH_UP_WITHIN_MS = 5_000;
/** How often the position advances without changes, so that its token does not expire, ms. */
const POSITION_EVERY_MS = 60_000;
/** If the server takes longer to find a position in its history, a load is faster, ms. */
const OPEN_WITHIN_MS = 8_000;
/** How often to check for missing collections: creating an empty one is not reported as a change, ms. */
const CHECK_EVERY_MS = 10_000;

/** Follows a change stream (MongoDB manual, "Change Streams"). */
export function createStreamSession(options: StreamSessionOptions): FeedSession {
  const { requests, tables, found, stream, clock } = options;
  const { catalog } = found;
  const present = tables.filter(({ table }) => catalog.columns[table.name] !== undefined);
  let beginning: StreamBeginning | null = options.beginning;
  let checkedAt = clock.elapsed();
  let reportedAt = clock.elapsed();

  const checkCollections = async (signal: AbortSignal) => {
    const { fingerprint } = await requests.runWithRetry(
      (database) => findCollections(database, tables, signal),
      signal,
    );
    checkedAt = clock.elapsed();
    if (fingerprint !== found.fingerprint) throw new SessionOutdatedError('A collection was created or dropped', true);
  };
  const untilNow = async (signal: AbortSignal): Promise<Until> => ({
    time: await requests.runWithRetry((database) => clusterTimeOf(database, signal), signal),
    deadline: clock.elapsed() + CATCH_UP_WITHIN_MS,
  });

  return {
    mode: 'change-stream',
    reason: null,
    catalog,
    pauseMs: 0,
    canFollow(position, signal) {
      beginning = null;
      return canOpenAt(position, options, signal);
    },
    async load(sink, signal) {
      const start = beginning ?? (await beginAgain(options, signal));
      beginning = null;
      await readAll(start, { ...options, tables: present }, sink, signal);
      return start.position;
    },
    async poll(from, sink, signal, mustCatchUp) {
      beginning = null;
      const isCheckDue = present.length < tables.length && clock.elapsed() - checkedAt >= CHECK_EVERY_MS;
      if (mustCatchUp || isCheckDue) await checkCollections(signal);
      const until = mustCatchUp ? await untilNow(signal) : null;
      const { position, hasChanges } = await follow(from, until, { ...options, tables: present }, sink, signal);
      if (hasChanges || clock.elapsed() - reportedAt >= POSITION_EVERY_MS) {
        reportedAt = clock.elapsed();
        return position;
      }
      stream.reached(from);
      return null;
    },
    compare: (signal) => compareCollections(requests, present, clock, signal),
    async close() {
      await stream.close();
      options.onClose();
    },
  };
}

/** Reads every document as of the stream's opening or later. */
function readAll(
  { time }: StreamBeginning,
  { requests, tables, clock }: StreamSessionOptions,
  sink: RowSink,
  signal: AbortSignal,
): Promise<void> {
  return requests.inSession(async (database, session) => {
    if (time !== undefined) session.advanceOperationTime(time);
    for (const mirrored of tables) {
      await readCollection(database, mirrored, sink, { clock, signal, session, isOrdered: true });
    }
  }, signal);
}

function beginAgain({ requests, stream }: StreamSessionOptions, signal: AbortSignal): Promise<StreamBeginning> {
  const begin = async () => {
    try {
      return await stream.begin(signal);
    } catch (error) {
      throw outdated(error);
    }
  };
  return requests.runWithRetry(begin, signal);
}

/** Whether the server can resume from a position, soon enough. */
async function canOpenAt(
  position: string,
  { requests, stream, clock }: StreamSessionOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const late = new AbortController();
  const either = AbortSignal.any([signal, late.signal]);
  const cancel = clock.schedule(OPEN_WITHIN_MS, () => late.abort());
  try {
    await requests.runWithRetry(() => stream.openAt(position, either), either);
    return true;
  } catch (error) {
    if (error instanceof SessionOutdatedError || (late.signal.aborted && !signal.aborted)) return false;
    throw error;
  } finally {
    cancel();
  }
}

/** Writes the changes after a position to the sink, some thousands at a time. */
async function follow(
  from: string,
  until: Until | null,
  { requests, stream, tables, clock }: StreamSessionOptions,
  sink: ChangeSink,
  signal: AbortSignal,
): Promise<{ readonly position: string; readonly hasChanges: boolean }> {
  let position = from;
  let hasChanges = false;
  for (;;) {
    const start = position;
    const taken = await requests.runWithRetry(() => stream.take(start, until, signal), signal);
    const changes = netChanges(taken.events, tables, clock.now());
    if (await writeChanges(changes, sink, signal)) hasChanges = true;
    position = taken.position;
    stream.reached(position);
    if (until === null || taken.events.length < MAX_CHANGES) return { position, hasChanges };
  }
}
