import type { Observable } from 'rxjs';
import type { SourceName } from '../../company/table.ts';
import type { MirrorWriter } from '../mirror/mirror-writer.ts';
import { backOffWait } from '../runtime/back-off.ts';
import type { Clock } from '../runtime/clock.ts';
import { isProgramError } from '../runtime/errors.ts';
import { failureOf } from '../runtime/failure.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { SourceError } from '../runtime/source-errors.ts';
import { FeedCallers } from './callers.ts';
import { type FeedSource, SessionOutdatedError } from './feed-source.ts';
import { type FeedContext, FeedState } from './feed-state.ts';
import type { FeedStatus } from './feed-status.ts';
import { DEFAULT_FEED_TIMINGS, type FeedTimings } from './feed-timings.ts';
import { runSession } from './follow-session.ts';

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
   * @throws SourceError if the source fails
   */
  sync(): Promise<void>;
  /**
   * Compares mirror and source now. If they differ, everything is loaded again.
   *
   * @returns the time of the comparison and the tables that differed; null if the source cannot be compared cheaply
   * @throws SourceError if the source fails
   */
  compare(): Promise<FeedStatus['reconciled']>;
  /** Ends the session, within a second or two. Never rejects. */
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

/**
 * Opens a session, loads the source if the mirror cannot resume from its position, and then applies changes. A session that
 * fails is reopened once without reporting it; after that it counts as a failure, with a back-off.
 */
export function createFeed(options: FeedOptions): Feed {
  const { source, mirror, clock, onError } = options;
  const timings = { ...DEFAULT_FEED_TIMINGS, ...options.timings };
  const stopping = new AbortController();
  const callers = new FeedCallers(clock, timings.askEveryMs);
  const state = new FeedState(source, mirror, clock);
  const context = { source, mirror, clock, timings, onError, callers, state, stopping: stopping.signal };
  let ended: Promise<void> | undefined;

  return {
    name: source.name,
    description: source.description,
    changes: state.changes.asObservable(),
    statusChanges: state.statusChanges.asObservable(),
    status: () => state.status,
    start() {
      ended ??= runSessions(context, options.random).catch(onError);
    },
    sync: () => (stopping.signal.aborted ? Promise.reject(new SourceError('the server is stopping')) : callers.sync()),
    async compare() {
      if (stopping.signal.aborted) throw new SourceError('the server is stopping');
      await callers.compare();
      return state.status.reconciled;
    },
    async stop() {
      stopping.abort();
      callers.reject(new SourceError('the server is stopping'));
      callers.endPause();
      await settledWithin(Promise.all([source.close(), ended]), timings.closeWithinMs, clock);
      state.stop();
    },
  };
}

/** Runs one session after the other until the feed stops. */
async function runSessions(context: FeedContext, random: () => number): Promise<void> {
  const { state, timings, stopping, callers } = context;
  while (!stopping.aborted) {
    const { attempts } = state;
    try {
      await runSession(context, attempts.isRetry ? timings.reopenWithinMs : timings.openWithinMs, attempts.mustLoad);
    } catch (error) {
      if (stopping.aborted) return;
      if (mayRetry(context, error)) continue;
      fail(context, error instanceof SessionOutdatedError ? new SourceError(error.message) : error);
      await callers.pause(backOffWait(attempts.failed(), random(), timings));
    }
  }
}

function mayRetry({ state, onError }: FeedContext, error: unknown): boolean {
  const isRetried = state.attempts.mayRetry(error);
  // If the next attempt succeeds, the bug would never be reported.
  if (isRetried && isProgramError(error)) onError(error);
  return isRetried;
}

/** Callers get the text of a SourceError only; an unexpected error goes to the log. */
function fail({ state, callers, onError }: FeedContext, error: unknown): void {
  const failure = failureOf(error, onError);
  state.failed(failure);
  callers.reject(error instanceof SourceError ? error : new SourceError(failure.reason));
}
