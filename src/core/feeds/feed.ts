import { type Observable, Subject } from 'rxjs';
import type { SourceName } from '../../company/table.ts';
import type { MirrorWriter } from '../mirror/mirror-writer.ts';
import { backOffWait } from '../runtime/back-off.ts';
import type { Clock } from '../runtime/clock.ts';
import { isProgramError } from '../runtime/errors.ts';
import { failureOf } from '../runtime/failure.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { SourceError } from '../runtime/source-errors.ts';
import { createAlarm } from './alarm.ts';
import { type FeedSource, SessionOutdatedError } from './feed-source.ts';
import type { FeedStatus } from './feed-status.ts';
import { DEFAULT_FEED_TIMINGS, type FeedTimings } from './feed-timings.ts';
import { type FollowContext, holdSession } from './follow-session.ts';
import { createSyncQueue } from './sync-queue.ts';

/** Follows one source and updates its mirror. */
export interface Feed {
  readonly name: SourceName;
  readonly description: string;
  status(): FeedStatus;
  /** Tables of the mirror that changed. Hot; completes when the feed stops; never errors. */
  readonly changes: Observable<ReadonlySet<string>>;
  /** Emits when the activity, the mode or the failure changes. Hot; completes when the feed stops. */
  readonly statusChanges: Observable<FeedStatus>;
  start(): void;
  /**
   * Resolves once the mirror holds everything that the source held at the call. Concurrent calls share one poll.
   *
   * @throws SourceError if the source cannot be asked
   */
  sync(): Promise<void>;
  /**
   * Compares mirror and source now, and loads tables that differ again.
   *
   * @returns when they were compared, and which tables differed; null if the source cannot be compared cheaply
   * @throws SourceError if the source cannot be asked
   */
  compare(): Promise<FeedStatus['reconciled']>;
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
  /** Receives unexpected errors. */
  readonly onError: (error: unknown) => void;
}

/** After so many outdated sessions in a row, the next one counts as a failure. */
const MOST_OUTDATED = 3;

/**
 * Opens a session, loads the source if the mirror cannot resume from its position, and then applies changes. A session that
 * fails is reopened once without reporting it; after that it counts as a failure, with a back-off.
 */
export function createFeed(options: FeedOptions): Feed {
  const { source, mirror, clock, random, onError } = options;
  const timings = { ...DEFAULT_FEED_TIMINGS, ...options.timings };
  const changes = new Subject<ReadonlySet<string>>();
  const statusChanges = new Subject<FeedStatus>();
  const stopping = new AbortController();
  const alarm = createAlarm(clock);
  const syncs = createSyncQueue();
  const comparisons = createSyncQueue();
  const attempts = createAttempts();
  let status = initialStatus(source);
  let askedAt = Number.NEGATIVE_INFINITY;
  let ended: Promise<void> | undefined;
  let isStopped = false;

  const update = (next: Partial<FeedStatus>) => {
    if (isStopped) return;
    const before = status;
    status = { ...status, ...next };
    const isNews = (['activity', 'mode', 'reason', 'failing', 'reconciled'] as const).some(
      (key) => before[key] !== status[key],
    );
    if (isNews) statusChanges.next(status);
    if ('reconciled' in next) for (const { resolve } of comparisons.take() ?? []) resolve();
  };
  const pause = (milliseconds: number) => {
    const isWanted = () => syncs.isWanted() || comparisons.isWanted();
    const untilAsked = () => (isWanted() ? askedAt + timings.askEveryMs - clock.elapsed() : 0);
    return alarm.wait(isWanted() ? Math.min(milliseconds, untilAsked()) : milliseconds, untilAsked);
  };
  const context: FollowContext = {
    ...{ source, mirror, timings, clock, syncs, pause, update },
    stopping: stopping.signal,
    isCompareWanted: comparisons.isWanted,
    compareFailed: (error) => comparisons.reject(shownError(error)),
    asking: () => {
      askedAt = clock.elapsed();
    },
    holds: (position) => {
      status = { ...status, position };
    },
    countRows: (rows) => {
      status = { ...status, rowsRead: status.rowsRead + rows };
    },
    applied: ({ tables }) => {
      if (tables.length > 0) changes.next(new Set(tables));
    },
    isAwaited: () => status.failing !== null || !status.isLoaded,
    loaded: (applied) => {
      attempts.loaded();
      status = { ...status, isLoaded: true };
      context.applied(applied);
      // After a failure, only a successful poll counts as recovered.
      if (status.failing === null) update({ activity: 'following', lastSync: clock.now() });
    },
    worked: () => {
      const wasAwaited = context.isAwaited();
      attempts.worked();
      update({ activity: 'following', isLoaded: true, failing: null, lastSync: clock.now() });
      // Features that waited meanwhile refresh, whether their rows changed or not.
      if (wasAwaited) changes.next(new Set(mirror.tables.map(({ table }) => table.name)));
    },
  };
  /** Callers get the text of a SourceError only; an unexpected error goes to the log. */
  const shownError = (error: unknown) =>
    error instanceof SourceError ? error : new SourceError(failureOf(error, onError).reason);
  const fail = (error: unknown) => {
    const { reason, blame } = failureOf(error, onError);
    const { failing } = status;
    const isSame = failing?.reason === reason && failing.blame === blame;
    const since = failing?.since ?? clock.now();
    update({ activity: 'backing-off', failing: isSame ? failing : { since, reason, blame } });
    for (const waiting of [syncs, comparisons])
      waiting.reject(error instanceof SourceError ? error : new SourceError(reason));
  };
  const mayRetry = (error: unknown) => {
    const isRetried = attempts.mayRetry(error);
    // If the next attempt succeeds, the bug would never be reported.
    if (isRetried && isProgramError(error)) onError(error);
    return isRetried;
  };
  const attempt = async () => {
    try {
      await holdSession(context, attempts.isRetry ? timings.reopenWithinMs : timings.openWithinMs, attempts.mustLoad);
    } catch (error) {
      if (stopping.signal.aborted || mayRetry(error)) return;
      fail(error instanceof SessionOutdatedError ? new SourceError(error.message) : error);
      await pause(backOffWait(attempts.failed(), random(), timings));
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) await attempt();
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
      if (stopping.signal.aborted) return Promise.reject(new SourceError('the server is stopping'));
      const answered = syncs.add();
      alarm.ring();
      return answered;
    },
    async compare() {
      if (stopping.signal.aborted) throw new SourceError('the server is stopping');
      const compared = comparisons.add();
      alarm.ring();
      await compared;
      return status.reconciled;
    },
    async stop() {
      stopping.abort();
      for (const waiting of [syncs, comparisons]) waiting.reject(new SourceError('the server is stopping'));
      alarm.ring();
      await settledWithin(Promise.all([source.close(), ended]), timings.closeWithinMs, clock);
      update({ activity: 'stopped' });
      isStopped = true;
      changes.complete();
      statusChanges.complete();
    },
  };
}

function initialStatus({ name, description }: FeedSource): FeedStatus {
  return {
    ...{ source: name, description, activity: 'opening', isLoaded: false, mode: null, reason: null },
    ...{ position: null, lastSync: null, rowsRead: 0, reconciled: null, failing: null },
  };
}

/** Decides how the next attempt runs, from the attempts so far. */
function createAttempts() {
  let failures = 0;
  let outdated = 0;
  let hasWorked = false;
  return {
    /** Whether the next session has to load everything. */
    mustLoad: false,
    /** Whether this session follows one that failed unreported. */
    isRetry: false,
    worked() {
      failures = 0;
      outdated = 0;
      hasWorked = true;
      this.isRetry = false;
    },
    loaded() {
      this.mustLoad = false;
      // If each poll fails, a load does not prove that the source works.
      hasWorked ||= failures === 0;
    },
    /** @returns whether to retry at once without reporting the error */
    mayRetry(error: unknown): boolean {
      if (error instanceof SessionOutdatedError) {
        this.mustLoad ||= error.reload;
        outdated += 1;
        if (outdated <= MOST_OUTDATED) return true;
      }
      const retry = hasWorked && !this.isRetry;
      this.isRetry = retry;
      return retry;
    },
    /** @returns failures in a row before this one */
    failed(): number {
      hasWorked = false;
      this.isRetry = false;
      return failures++;
    },
  };
}
