import type { ChangeStreamDocument, Document, Timestamp } from 'mongodb';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { Clock } from '../../runtime/clock.ts';
import { settledWithin } from '../../runtime/settled-within.ts';
import { SessionOutdatedError } from '../feed-source.ts';
import { codeOf, isRefusal, isTokenLost } from './failures.ts';
import { changePipeline } from './net-changes.ts';
import { clusterTimeOf, positionOf, timeOf, tokenOf } from './position.ts';
import type { Requests } from './requests.ts';
import { openStreamTail, type StreamStart, type StreamTail } from './stream-tail.ts';

/** Changes that were taken, and the position after them. */
export interface TakenChanges {
  readonly events: readonly ChangeStreamDocument[];
  readonly position: string;
}

/** A stream that was opened at the newest change. */
export interface StreamBeginning {
  readonly position: string;
  /** The cluster time of the opening. A load must read data of this time or later, or changes are missed. */
  readonly time: Timestamp | undefined;
}

/** A change stream that stays open as long as it is read from where it stands. */
export interface FollowedStream {
  /**
   * Opens the stream at the newest change.
   *
   * @throws the driver's error if the server refuses
   */
  begin(signal: AbortSignal): Promise<StreamBeginning>;
  /**
   * Opens the stream at a position, unless it already stands there.
   *
   * @throws SessionOutdatedError if the server cannot resume from there
   */
  openAt(position: string, signal: AbortSignal): Promise<void>;
  /**
   * Takes the changes after a position. Waits a second for one if there are none.
   *
   * @param until waits for all changes up to then; null: waits for the first change
   */
  take(position: string, until: Until | null, signal: AbortSignal): Promise<TakenChanges>;
  /** Confirms the changes up to a position: they are not repeated. */
  reached(position: string): void;
  /** Closes the stream, also at the server. Never rejects. */
  close(): Promise<void>;
}

/** How long to take changes. */
export interface Until {
  /** Cluster time; undefined if unknown: until there are no more changes. */
  readonly time: Timestamp | undefined;
  /** By `clock.elapsed()`: ends then if no changes come. */
  readonly deadline: number;
}

export interface FollowOptions {
  readonly requests: Requests;
  readonly tables: readonly MirroredTable[];
  /** How long the server waits for a change before it answers without one. */
  readonly awaitMs: number;
  readonly clock: Clock;
}

/** How many changes are taken at a time. */
export const MAX_CHANGES = 5_000;

export function followStream({ tables, requests, awaitMs, clock }: FollowOptions): FollowedStream {
  const current = createCurrentTail(requests, changePipeline(tables), awaitMs);

  const open = async (position: string, signal: AbortSignal): Promise<StreamTail> => {
    const kept = current.at(position);
    if (kept !== null) return kept;
    await current.close();
    const token = tokenOf(position);
    if (token === undefined) throw new SessionOutdatedError('The position was written in another feed mode', true);
    try {
      const [newest, time] = [await clusterTimeOf(requests.database, signal), timeOf(token)];
      // A stream would report nothing until the database reaches that time again.
      if (newest !== undefined && time?.greaterThan(newest)) {
        throw new SessionOutdatedError('The database was restored to an earlier time', true);
      }
      const opened = await current.open({ resumeAfter: token }, signal);
      current.reached(position);
      return opened;
    } catch (error) {
      throw outdated(error);
    }
  };

  return {
    async begin(signal) {
      await current.close();
      const time = await clusterTimeOf(requests.database, signal);
      const opened = await current.open(time === undefined ? {} : { startAtOperationTime: time }, signal);
      const { first, start } = opened;
      // A change in the first answer is dropped: the load that follows includes it.
      if (first !== null) await opened.next();
      const position = positionOf(first === null ? start : opened.token);
      current.reached(position);
      return { position, time: first?.clusterTime ?? time };
    },
    async openAt(position, signal) {
      await open(position, signal);
    },
    async take(position, until, signal) {
      const tail = await open(position, signal);
      // If this fails, the stream does not repeat the changes that were taken.
      current.reached(null);
      try {
        const events = await takeFrom(tail, until, clock);
        return { events, position: positionOf(tail.token) };
      } catch (error) {
        throw outdated(error);
      }
    },
    reached: current.reached,
    close: current.close,
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

/** The error of a stream: SessionOutdatedError if the server works but this stream cannot go on. */
export function outdated(error: unknown): unknown {
  if (isTokenLost(error)) {
    return new SessionOutdatedError('The server no longer has the changes since the last one that was read', true);
  }
  if (isRefusal(error))
    return new SessionOutdatedError(`The change stream was refused (error ${codeOf(error)})`, false);
  return error;
}

/** At most one open stream, and the position that its next change follows. */
interface CurrentTail {
  /** The open stream, if its next change follows this position. */
  at(position: string): StreamTail | null;
  /** @throws the driver's error if the server does not open the stream */
  open(from: StreamStart, signal: AbortSignal): Promise<StreamTail>;
  /** The stream continues after this position; null if that is unknown. */
  reached(position: string | null): void;
  /** Closes the stream, also at the server. Never rejects. */
  close(): Promise<void>;
}

/** If a stream takes longer to close, its connection is stuck, ms. */
const CLOSE_WITHIN_MS = 500;

function createCurrentTail(requests: Requests, pipeline: readonly Document[], awaitMs: number): CurrentTail {
  let tail: StreamTail | null = null;
  /** The client of the stream, which ends with it. */
  let client = requests.client;
  let streamPosition: string | null = null;

  return {
    at: (position) => (streamPosition === position && client === requests.client ? tail : null),
    async open(from, signal) {
      const { client: used, database } = requests;
      const opened = await openStreamTail(database, pipeline, from, awaitMs);
      if (signal.aborted) {
        // Another stream may have been opened meanwhile.
        opened.close().catch(() => {});
        throw signal.reason;
      }
      tail = opened;
      client = used;
      streamPosition = null;
      return opened;
    },
    reached(position) {
      streamPosition = position;
    },
    async close() {
      const closing = tail;
      tail = null;
      streamPosition = null;
      if (closing === null) return;
      let isStuck = true;
      const closed = closing.close().finally(() => {
        isStuck = false;
      });
      await settledWithin(closed, CLOSE_WITHIN_MS);
      if (isStuck) requests.renew();
    },
  };
}
