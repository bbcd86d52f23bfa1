import type { Applied, MirrorWriter } from '../mirror/mirror-writer.ts';
import type { Clock } from '../runtime/clock.ts';
import { withDeadline } from './deadline.ts';
import { type FeedSession, type FeedSource, SessionOutdatedError } from './feed-source.ts';
import type { FeedStatus } from './feed-status.ts';
import type { FeedTimings } from './feed-timings.ts';
import { reconcile } from './reconcile.ts';
import { recordingSink } from './recording-sink.ts';
import type { SyncQueue } from './sync-queue.ts';

/** What a session is followed with. */
export interface FollowContext {
  readonly source: FeedSource;
  readonly mirror: MirrorWriter;
  readonly timings: FeedTimings;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly syncs: SyncQueue;
  /** Waits, or until somebody asks; then no longer than the source has to be left alone. */
  pause(milliseconds: number): Promise<void>;
  /** The source is about to be asked. */
  asking(): void;
  update(next: Partial<FeedStatus>): void;
  countRows(rows: number): void;
  applied(applied: Applied): void;
  /** Whether somebody waits for a comparison of mirror and source. */
  isCompareWanted(): boolean;
  /** The source was asked, and answered. */
  worked(): void;
}

/** One session, from its opening until it has to be opened anew or the feed stops. */
export async function holdSession(context: FollowContext, openWithinMs: number, mustLoad: boolean): Promise<void> {
  const { source, mirror } = context;
  context.asking();
  const session = await withinDeadline(context, openWithinMs, (signal) => source.open(signal));
  try {
    context.update({ mode: session.mode, reason: session.reason });
    const position = await establish(context, session, mustLoad);
    context.worked();
    await follow(context, session, position);
  } finally {
    await mirror.rollback();
    await session.close();
  }
}

/** @returns the position that the mirror holds, loaded anew where it cannot be followed from */
async function establish(context: FollowContext, session: FeedSession, mustLoad: boolean): Promise<string> {
  const { mirror, timings } = context;
  const kept = mustLoad ? null : await mirror.state();
  const fits = kept !== null && JSON.stringify(kept.catalog) === JSON.stringify(session.catalog);
  if (fits && (await withinDeadline(context, timings.silentMs, (signal) => session.canFollow(kept.position, signal)))) {
    return kept.position;
  }
  return load(context, session);
}

async function load(context: FollowContext, session: FeedSession): Promise<string> {
  const { mirror, timings, countRows } = context;
  context.update({ activity: 'loading' });
  await mirror.begin('load', session.catalog);
  const position = await withinDeadline(context, timings.silentMs, (signal, alive) => {
    const onRows = (rows: number) => {
      alive();
      countRows(rows);
    };
    return session.load(
      recordingSink(mirror, async () => {}, onRows),
      signal,
    );
  });
  context.applied(await mirror.commit(position));
  return position;
}

async function follow(context: FollowContext, session: FeedSession, from: string): Promise<void> {
  const { clock, timings, stopping, syncs } = context;
  const openedAt = clock.elapsed();
  let comparedAt = openedAt;
  let position = from;
  while (!stopping.aborted) {
    // What stood in the way of a better mode may be gone: the source is looked at again.
    if (session.reason !== null && clock.elapsed() - openedAt > timings.improveAfterMs) return;
    const callers = syncs.take();
    context.asking();
    try {
      position = await poll(context, session, position, callers !== null);
    } catch (error) {
      if (callers !== null) syncs.giveBack(callers);
      throw error;
    }
    context.worked();
    for (const { resolve } of callers ?? []) resolve();
    if (context.isCompareWanted() || clock.elapsed() - comparedAt >= timings.reconcileEveryMs) {
      comparedAt = clock.elapsed();
      position = await compare(context, session, position);
    }
    await context.pause(session.pauseMs);
  }
}

/**
 * @returns the new position
 * @throws SessionOutdatedError when source and mirror differ: everything is loaded again
 */
async function compare(context: FollowContext, session: FeedSession, from: string): Promise<string> {
  const { mirror, timings, clock, update } = context;
  const checksums = session.compare?.bind(session);
  if (checksums === undefined) {
    update({ reconciled: null });
    return from;
  }
  let position = from;
  const differing = await reconcile({
    async catchUp() {
      const before = position;
      position = await poll(context, session, before, true);
      return position !== before;
    },
    source: () => withinDeadline(context, timings.compareWithinMs, (signal) => checksums(signal)),
    mirror: mirror.checksums,
  });
  update({ reconciled: differing === null ? null : { at: clock.now(), differing } });
  if (differing === null) return position;
  if (differing.length === 0) return position;
  throw new SessionOutdatedError(`the mirror differs from the source in ${differing.join(', ')}`, true);
}

/** @returns the new position */
async function poll(context: FollowContext, session: FeedSession, position: string, isAsked: boolean): Promise<string> {
  const { mirror, timings, countRows } = context;
  let begun = false;
  const begin = async () => {
    if (!begun) await mirror.begin('changes', session.catalog);
    begun = true;
  };
  const next = await withinDeadline(context, timings.silentMs, (signal, alive) => {
    const onRows = (rows: number) => {
      alive();
      countRows(rows);
    };
    return session.poll(position, recordingSink(mirror, begin, onRows), signal, isAsked);
  });
  if (next === null) return position;
  await begin();
  context.applied(await mirror.commit(next));
  return next;
}

function withinDeadline<Result>(
  { clock, stopping, source }: FollowContext,
  milliseconds: number,
  work: (signal: AbortSignal, alive: () => void) => Promise<Result>,
): Promise<Result> {
  const message = `${source.description} did not answer within ${milliseconds} ms`;
  return withDeadline(clock, milliseconds, stopping, message, work);
}
