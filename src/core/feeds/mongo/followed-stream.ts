import type { ChangeStreamDocument, Timestamp } from 'mongodb';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import { settledWithin } from '../../sources/settled-within.ts';
import { SessionOutdatedError } from '../feed-source.ts';
import type { Asking } from './asking.ts';
import { codeOf, isRefusal, isTokenLost } from './failures.ts';
import { changePipeline } from './movement.ts';
import { clusterTimeOf, positionOf, timeOf, tokenOf } from './position.ts';
import { openStreamTail, type StreamStart, type StreamTail } from './stream-tail.ts';

/** Changes that were taken, and where the stream stands behind them. */
export interface TakenChanges {
  readonly events: readonly ChangeStreamDocument[];
  readonly position: string;
}

/** A stream that was opened at the newest change. */
export interface StreamBeginning {
  readonly position: string;
  /** What is read from then on has to be of this time or later, or there is a gap. */
  readonly time: Timestamp | undefined;
}

/** One change stream that is kept open as long as it is asked for the position where it stands. */
export interface FollowedStream {
  /**
   * Opens the stream at the newest change.
   *
   * @throws the driver's error when the server opens none
   */
  begin(signal: AbortSignal): Promise<StreamBeginning>;
  /**
   * Opens the stream at a position, unless it stands there.
   *
   * @throws SessionOutdatedError when the server cannot go on from there
   */
  openAt(position: string, signal: AbortSignal): Promise<void>;
  /**
   * Takes what the stream has behind a position, and waits a second for it where it has nothing.
   *
   * @param until everything up to this moment is waited for; null: whatever comes first
   */
  take(position: string, until: Until | null, signal: AbortSignal): Promise<TakenChanges>;
  /** What was taken up to there need not be told again. */
  reached(position: string): void;
  /** Gives the stream up at the server, too. Never rejects. */
  close(): Promise<void>;
}

/** A moment that is waited for. */
export interface Until {
  /** By the cluster's time; undefined where it does not say: until there is nothing more. */
  readonly time: Timestamp | undefined;
  /** By the clock's elapsed time: no longer than this where nothing comes. */
  readonly deadline: number;
}

export interface FollowOptions {
  readonly asking: Asking;
  readonly tables: readonly MirroredTable[];
  /** How long the server waits for a change before it answers that there is none. */
  readonly awaitMs: number;
  readonly clock: Clock;
}

/** Changes that are taken at a time. */
export const MAX_CHANGES = 5_000;
/** A stream that cannot be given up within this, in ms, hangs on a connection that is stuck. */
const CLOSE_WITHIN_MS = 500;

export function followStream(options: FollowOptions): FollowedStream {
  const { tables, asking, awaitMs, clock } = options;
  const pipeline = changePipeline(tables);
  let tail: StreamTail | null = null;
  /** Of the client that the stream goes through: it ends with it. */
  let client = asking.client;
  /** Where the mirror stands when it has what was taken. */
  let standsAt: string | null = null;

  const close = async () => {
    const closing = tail;
    tail = null;
    standsAt = null;
    if (closing === null) return;
    let isStuck = true;
    const closed = closing.close().finally(() => {
      isStuck = false;
    });
    await settledWithin(closed, CLOSE_WITHIN_MS);
    if (isStuck) asking.renew();
  };

  const openTail = async (from: StreamStart, signal: AbortSignal): Promise<StreamTail> => {
    const { client: usedClient, database } = asking;
    const opened = await openStreamTail(database, pipeline, from, awaitMs);
    client = usedClient;
    if (!signal.aborted) return opened;
    // Another stream may have been opened meanwhile.
    opened.close().catch(() => {});
    throw signal.reason;
  };

  const open = async (position: string, signal: AbortSignal): Promise<StreamTail> => {
    if (tail !== null && standsAt === position && client === asking.client) return tail;
    await close();
    const token = tokenOf(position);
    if (token === undefined) throw new SessionOutdatedError('The position is of no change stream', true);
    try {
      const [newest, time] = [await clusterTimeOf(asking.database, signal), timeOf(token)];
      // A stream would wait for that time to come again, and tell nothing of what happens until then.
      if (newest !== undefined && time?.greaterThan(newest)) {
        throw new SessionOutdatedError('The database was set back to an earlier time', true);
      }
      const opened = await openTail({ resumeAfter: token }, signal);
      tail = opened;
      standsAt = position;
      return opened;
    } catch (error) {
      throw outdated(error);
    }
  };

  return {
    async begin(signal) {
      await close();
      const time = await clusterTimeOf(asking.database, signal);
      const opened = await openTail(time === undefined ? {} : { startAtOperationTime: time }, signal);
      tail = opened;
      const { first, start } = opened;
      // A change that comes with the first answer is taken as told: what is read from now on has it.
      if (first !== null) await opened.next();
      const position = positionOf(first === null ? start : opened.token);
      standsAt = position;
      return { position, time: first?.clusterTime ?? time };
    },
    async openAt(position, signal) {
      await open(position, signal);
    },
    async take(position, until, signal) {
      const current = await open(position, signal);
      // Whatever is taken is lost to the stream if it is not handed over.
      standsAt = null;
      try {
        const events = await takeFrom(current, until, clock);
        return { events, position: positionOf(current.token) };
      } catch (error) {
        throw outdated(error);
      }
    },
    reached(position) {
      standsAt = position;
    },
    close,
  };
}

async function takeFrom(tail: StreamTail, until: Until | null, clock: Clock): Promise<ChangeStreamDocument[]> {
  const events: ChangeStreamDocument[] = [];
  const isOver = (isQuiet: boolean) => {
    if (events.length >= MAX_CHANGES) return true;
    if (!tail.isIdle) return false;
    if (until === null) return true;
    const time = timeOf(tail.token);
    if (time === undefined || until.time === undefined) return isQuiet;
    return time.greaterThanOrEqual(until.time) || (isQuiet && clock.elapsed() >= until.deadline);
  };
  if (until !== null && isOver(false)) return events;
  for (;;) {
    const event = await tail.next();
    if (event !== null) events.push(event);
    if (isOver(event === null)) return events;
  }
}

/** What a stream fails with: a session that is outdated where the server goes on, but not like this. */
export function outdated(error: unknown): unknown {
  if (isTokenLost(error)) {
    return new SessionOutdatedError('The server no longer has the changes since the last one that was read', true);
  }
  if (isRefusal(error))
    return new SessionOutdatedError(`The change stream was refused (error ${codeOf(error)})`, false);
  return error;
}
