import { type Observable, Subject } from 'rxjs';
import type { SourceName } from '../../company/table.ts';
import type { Applied, MirrorWriter } from '../mirror/mirror-writer.ts';
import { type BackOff, backOffWait, USUAL_BACK_OFF } from '../runtime/back-off.ts';
import type { Clock } from '../runtime/clock.ts';
import { failureOf } from '../runtime/failure.ts';
import { createAlarm } from './alarm.ts';
import { withDeadline } from './deadline.ts';
import { type FeedSession, type FeedSource, SessionOutdatedError } from './feed-source.ts';
import type { FeedStatus } from './feed-status.ts';
import { recordingSink } from './recording-sink.ts';
import { createSyncQueue } from './sync-queue.ts';

export interface FeedTimings extends BackOff {
  /** Opening a session, ms. */
  readonly openWithinMs: number;
  /** The same when a session that worked has ended: until then nobody is told. */
  readonly reopenWithinMs: number;
  /** A load or a poll that hands over nothing for so long has failed, ms. */
  readonly silentMs: number;
  /** A source that could be followed in a better way is looked at again after so long, ms. */
  readonly improveAfterMs: number;
  /** A source is asked at most once in this time, however many ask for it, ms. */
  readonly askEveryMs: number;
}

export const DEFAULT_FEED_TIMINGS: FeedTimings = {
  ...USUAL_BACK_OFF,
  openWithinMs: 20_000,
  reopenWithinMs: 5_000,
  silentMs: 15_000,
  improveAfterMs: 600_000,
  askEveryMs: 1_000,
};

/** Follows one source, and keeps its mirror. */
export interface Feed {
  readonly name: SourceName;
  readonly description: string;
  status(): FeedStatus;
  /** Tables of the mirror that changed. Hot; completes when the feed stops; never errors. */
  readonly changes: Observable<ReadonlySet<string>>;
  /** A value whenever the activity, the mode or the failure is another. Hot; completes when the feed stops. */
  readonly statusChanges: Observable<FeedStatus>;
  start(): void;
  /**
   * Resolves once the mirror holds everything that the source held when this was called. Many at once are one question.
   *
   * @throws SourceError when the source cannot be asked
   */
  sync(): Promise<void>;
  /** Ends the session, at most a second or two later. Never rejects. */
  stop(): Promise<void>;
}

export interface FeedOptions {
  readonly source: FeedSource;
  readonly mirror: MirrorWriter;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  readonly timings?: Partial<FeedTimings>;
  /** Receives errors that are no failures of the source, whole. */
  readonly onError: (error: unknown) => void;
}

/**
 * Opens a session, loads the source if the mirror cannot go on from where it is, and then applies what moves. A session
 * that ends is opened again at once, once, before it counts as a failure; after that with a back-off.
 */
export function createFeed(options: FeedOptions): Feed {
  const { source, mirror, clock, random, onError } = options;
  const timings = { ...DEFAULT_FEED_TIMINGS, ...options.timings };
  const changes = new Subject<ReadonlySet<string>>();
  const statusChanges = new Subject<FeedStatus>();
  const stopping = new AbortController();
  const alarm = createAlarm(clock);
  const syncs = createSyncQueue();
  let status: FeedStatus = {
    source: source.name,
    description: source.description,
    ...{ activity: 'opening', isLoaded: false, mode: null, reason: null, lastSync: null, rowsRead: 0, failing: null },
  };
  let ended: Promise<void> | undefined;
  let lastAskedAt = Number.NEGATIVE_INFINITY;

  const update = (next: Partial<FeedStatus>) => {
    const before = status;
    status = { ...status, ...next };
    const told = ['activity', 'mode', 'reason', 'failing'] as const;
    if (told.some((key) => before[key] !== status[key])) statusChanges.next(status);
  };
  const countRows = (rows: number) => {
    status = { ...status, rowsRead: status.rowsRead + rows };
  };
  const apply = ({ tables }: Applied) => {
    if (tables.length > 0) changes.next(new Set(tables));
  };
  const deadline = <Result>(ms: number, work: (signal: AbortSignal, alive: () => void) => Promise<Result>) =>
    withDeadline(clock, ms, stopping.signal, `${source.description} did not answer within ${ms} ms`, work);

  /** Waits, or until somebody asks; then no longer than the source has to be left alone. */
  const pause = (milliseconds: number) => {
    const untilAsked = () => (syncs.isWanted() ? lastAskedAt + timings.askEveryMs - clock.elapsed() : 0);
    return alarm.wait(syncs.isWanted() ? Math.min(milliseconds, untilAsked()) : milliseconds, untilAsked);
  };

  const load = async (session: FeedSession) => {
    update({ activity: 'loading' });
    await mirror.begin('load', session.catalog);
    const position = await deadline(timings.silentMs, (signal, alive) =>
      session.load(
        recordingSink(mirror, async () => {}, (rows) => {
          alive();
          countRows(rows);
        }),
        signal,
      ),
    );
    return { position, applied: await mirror.commit(position) };
  };

  /** @returns the position that the mirror holds, loaded anew where it cannot be followed from */
  const establish = async (session: FeedSession, mustLoad: boolean): Promise<string> => {
    const kept = mustLoad ? null : await mirror.state();
    const fits = kept !== null && JSON.stringify(kept.catalog) === JSON.stringify(session.catalog);
    const canGoOn =
      fits && (await deadline(timings.silentMs, (signal) => session.canFollow(kept.position, signal)));
    if (canGoOn) return kept.position;
    const { position, applied } = await load(session);
    update({ isLoaded: true });
    apply(applied);
    return position;
  };

  const poll = async (session: FeedSession, position: string, isAsked: boolean): Promise<string> => {
    let begun = false;
    const begin = async () => {
      if (!begun) await mirror.begin('changes', session.catalog);
      begun = true;
    };
    const next = await deadline(timings.silentMs, (signal, alive) => {
      const sink = recordingSink(mirror, begin, (rows) => {
        alive();
        countRows(rows);
      });
      return session.poll(position, sink, signal, isAsked);
    });
    if (next === null) return position;
    await begin();
    apply(await mirror.commit(next));
    return next;
  };

  const follow = async (session: FeedSession, from: string, worked: () => void): Promise<void> => {
    let position = from;
    const openedAt = clock.elapsed();
    while (!stopping.signal.aborted) {
      // What stood in the way of a better mode may be gone: the source is looked at again.
      if (session.reason !== null && clock.elapsed() - openedAt > timings.improveAfterMs) return;
      const asked = syncs.take();
      lastAskedAt = clock.elapsed();
      try {
        position = await poll(session, position, asked !== null);
      } catch (error) {
        if (asked !== null) syncs.giveBack(asked);
        throw error;
      }
      worked();
      for (const { resolve } of asked ?? []) resolve();
      await pause(session.pauseMs);
    }
  };

  /** One session, from its opening to its end. */
  const hold = async (withinMs: number, mustLoad: boolean, worked: () => void): Promise<void> => {
    const session = await deadline(withinMs, (signal) => source.open(signal));
    try {
      update({ mode: session.mode, reason: session.reason });
      const position = await establish(session, mustLoad);
      const wasFailing = status.failing !== null || !status.isLoaded;
      worked();
      // Features that stood still meanwhile refresh, whether their rows changed or not.
      if (wasFailing) changes.next(new Set(mirror.tables.map(({ table }) => table.name)));
      await follow(session, position, worked);
    } finally {
      await mirror.rollback();
      await session.close();
    }
  };

  const fail = (error: unknown, before: number) => {
    const { reason, blame } = failureOf(error, onError);
    const since = status.failing?.since ?? clock.now();
    const isNew = status.failing === null || status.failing.reason !== reason || status.failing.blame !== blame;
    update({ activity: 'backing-off', ...(isNew ? { failing: { since, reason, blame } } : {}) });
    syncs.reject(error);
    return backOffWait(before, random(), timings);
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    let mayRetry = false;
    let mustLoad = false;
    let outdated = 0;
    const worked = () => {
      failures = 0;
      outdated = 0;
      mayRetry = true;
      mustLoad = false;
      update({ activity: 'following', isLoaded: true, failing: null, lastSync: clock.now() });
    };
    while (!stopping.signal.aborted) {
      const withinMs = mayRetry ? timings.reopenWithinMs : timings.openWithinMs;
      try {
        await hold(withinMs, mustLoad, worked);
      } catch (error) {
        if (stopping.signal.aborted) break;
        const isOutdated = error instanceof SessionOutdatedError;
        if (isOutdated) mustLoad ||= error.reload;
        // A session that is outdated as soon as it is opened is a failure like any other.
        if (isOutdated && outdated++ < 3) continue;
        if (!isOutdated && mayRetry) {
          mayRetry = false;
          continue;
        }
        lastAskedAt = clock.elapsed();
        const wait = fail(error, failures++);
        await pause(wait);
      }
    }
  };

  return {
    name: source.name,
    description: source.description,
    changes: changes.asObservable(),
    statusChanges: statusChanges.asObservable(),
    status: () => status,
    start() {
      ended ??= run().catch(onError);
    },
    sync() {
      const done = syncs.add();
      alarm.ring();
      return done;
    },
    async stop() {
      stopping.abort();
      alarm.ring();
      syncs.reject(new Error('the server is stopping'));
      await source.close();
      await ended;
      update({ activity: 'stopped' });
      changes.complete();
      statusChanges.complete();
    },
  };
}
