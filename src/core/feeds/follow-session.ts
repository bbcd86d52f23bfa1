import type { Applied, MirrorState, MirrorWriter } from '../mirror/mirror-writer.ts';
import type { Clock } from '../runtime/clock.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { type SignsOfLife, withDeadline } from './deadline.ts';
import { type ChangeSink, type FeedSession, type FeedSource, SessionOutdatedError } from './feed-source.ts';
import type { FeedStatus } from './feed-status.ts';
import type { FeedTimings } from './feed-timings.ts';
import { reconcile } from './reconcile.ts';
import { recordingSink } from './recording-sink.ts';
import type { SyncQueue } from './sync-queue.ts';

/** What a session needs from its feed. */
export interface FollowContext {
  readonly source: FeedSource;
  readonly mirror: MirrorWriter;
  readonly timings: FeedTimings;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly syncs: SyncQueue;
  /** Waits; shorter if a caller asks, but at least the minimal time between two polls. */
  pause(milliseconds: number): Promise<void>;
  /** Called before each request to the source. */
  asking(): void;
  update(next: Partial<FeedStatus>): void;
  countRows(rows: number): void;
  applied(applied: Applied): void;
  /** Whether features wait for a current mirror: the source failed, or was never followed. */
  isAwaited(): boolean;
  /** Called after a whole load. */
  loaded(applied: Applied): void;
  /** Called with each position that the mirror has reached. */
  holds(position: string): void;
  /** Whether callers wait for a comparison of mirror and source. */
  isCompareWanted(): boolean;
  /** Called if a comparison fails; following goes on. */
  compareFailed(error: unknown): void;
  /** Called after each successful poll. */
  worked(): void;
}

/** Runs one session until it has to be reopened or the feed stops. */
export async function holdSession(context: FollowContext, openWithinMs: number, mustLoad: boolean): Promise<void> {
  const { mirror, clock, timings } = context;
  context.asking();
  const session = await open(context, openWithinMs);
  try {
    context.update({ mode: session.mode, reason: session.reason });
    await follow(context, session, await establish(context, session, mustLoad));
  } finally {
    await settledWithin(Promise.all([mirror.rollback(), session.close()]), timings.closeWithinMs, clock);
  }
}

async function open(context: FollowContext, openWithinMs: number): Promise<FeedSession> {
  let opening: Promise<FeedSession> | undefined;
  try {
    return await withinDeadline(context, openWithinMs, async (signal) => {
      opening = context.source.open(signal);
      return opening;
    });
  } catch (error) {
    // A session that opens after the deadline is closed at once.
    opening?.then(
      (session) => session.close(),
      () => {},
    );
    throw error;
  }
}

/** Where a session begins to follow. */
interface Beginning {
  readonly position: string;
  /** Whether it was just loaded. */
  readonly isLoaded: boolean;
}

/** Loads the mirror if it cannot resume from its position. */
async function establish(context: FollowContext, session: FeedSession, mustLoad: boolean): Promise<Beginning> {
  const kept = mustLoad ? null : await keptState(context, session);
  if (kept !== null && (await canFollow(context, session, kept))) return { position: kept.position, isLoaded: false };
  return { position: await load(context, session), isLoaded: true };
}

/** The state of the mirror; an empty one adopts an image of the load, if there is one. */
async function keptState({ mirror }: FollowContext, { image = null }: FeedSession): Promise<MirrorState | null> {
  const state = await mirror.state();
  return state === null && image !== null ? mirror.adopt(image) : state;
}

async function canFollow(context: FollowContext, session: FeedSession, kept: MirrorState): Promise<boolean> {
  if (JSON.stringify(kept.catalog) !== JSON.stringify(session.catalog)) return false;
  return withinDeadline(context, context.timings.silentMs, (signal) => session.canFollow(kept.position, signal));
}

async function load(context: FollowContext, session: FeedSession): Promise<string> {
  const { mirror } = context;
  context.update({ activity: 'loading' });
  await mirror.begin('load', session.catalog);
  const position = await record(
    context,
    async () => {},
    (sink, signal) => session.load(sink, signal),
  );
  context.loaded(await mirror.commit(position, session.image));
  return position;
}

async function follow(context: FollowContext, session: FeedSession, beginning: Beginning): Promise<void> {
  const { clock, timings, stopping } = context;
  const openedAt = clock.elapsed();
  let comparedAt = openedAt;
  let { position } = beginning;
  // Features wait until a kept mirror has caught up.
  let isAsked = !beginning.isLoaded && context.isAwaited();
  while (!stopping.aborted) {
    // A better mode may be possible by now: the session is reopened.
    if (session.reason !== null && clock.elapsed() - openedAt > timings.improveAfterMs) return;
    await expectInMirror(context, position);
    position = await pollForCallers(context, session, position, isAsked);
    isAsked = false;
    if (context.isCompareWanted() || clock.elapsed() - comparedAt >= timings.reconcileEveryMs) {
      comparedAt = clock.elapsed();
      position = await compare(context, session, position);
    }
    await context.pause(session.pauseMs);
  }
}

/** Polls for all queued callers; if that fails, they stay queued. @returns the new position */
async function pollForCallers(
  context: FollowContext,
  session: FeedSession,
  from: string,
  isAsked: boolean,
): Promise<string> {
  const { syncs } = context;
  const callers = syncs.take();
  context.asking();
  try {
    const position = await poll(context, session, from, isAsked || callers !== null);
    context.holds(position);
    context.worked();
    for (const { resolve } of callers ?? []) resolve();
    return position;
  } catch (error) {
    if (callers !== null) syncs.giveBack(callers);
    throw error;
  }
}

/** @throws SessionOutdatedError if the mirror was replaced: its Worker ended, or its file was damaged */
async function expectInMirror({ mirror }: FollowContext, position: string): Promise<void> {
  const state = await mirror.state();
  if (state?.position !== position) throw new SessionOutdatedError('The mirror was lost, and is loaded again', false);
}

/**
 * @returns the new position
 * @throws SessionOutdatedError if source and mirror differ: everything is loaded again
 */
async function compare(context: FollowContext, session: FeedSession, from: string): Promise<string> {
  const { mirror, timings, clock, update } = context;
  const checksums = session.compare?.bind(session);
  if (checksums === undefined) {
    update({ reconciled: null });
    return from;
  }
  let position = from;
  let refusal: unknown;
  const comparison = reconcile({
    async catchUp() {
      const before = position;
      position = await poll(context, session, before, true);
      return position !== before;
    },
    source: () =>
      withinDeadline(context, timings.compareWithinMs, (signal) => checksums(signal)).catch((error: unknown) => {
        if (!(error instanceof SessionOutdatedError)) refusal = error;
        throw error;
      }),
    mirror: mirror.checksums,
  });
  const differing = await comparison.catch((error: unknown) => {
    // The session goes on: a reopened one would be refused the comparison too.
    if (refusal === undefined || error !== refusal) throw error;
    context.compareFailed(error);
    return undefined;
  });
  if (differing === undefined) return position;
  update({ reconciled: differing === null ? null : { at: clock.now(), differing } });
  if (differing === null || differing.length === 0) return position;
  throw new SessionOutdatedError(`the mirror differs from the source in ${differing.join(', ')}`, true);
}

/** @returns the new position */
async function poll(context: FollowContext, session: FeedSession, position: string, isAsked: boolean): Promise<string> {
  const { mirror } = context;
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return mirror.begin('changes', session.catalog);
  };
  const next = await record(context, begin, (sink, signal) => session.poll(position, sink, signal, isAsked));
  if (next === null) return position;
  if (!hasBegun) await begin();
  context.applied(await mirror.commit(next));
  return next;
}

/** Reads from the source into the mirror. The deadline restarts with each piece. */
function record<Result>(
  context: FollowContext,
  begin: () => Promise<void>,
  read: (sink: ChangeSink, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { mirror, timings, countRows } = context;
  return withinDeadline(context, timings.silentMs, async (signal, signs) => {
    const sink = recordingSink({ mirror, begin, signs, onRows: countRows });
    signal.addEventListener('abort', sink.close, { once: true });
    try {
      return await read(sink, signal);
    } finally {
      sink.close();
    }
  });
}

function withinDeadline<Result>(
  { clock, stopping, source }: FollowContext,
  milliseconds: number,
  work: (signal: AbortSignal, signs: SignsOfLife) => Promise<Result>,
): Promise<Result> {
  const message = `${source.description} did not answer within ${milliseconds} ms`;
  return withDeadline(clock, milliseconds, stopping, message, work);
}
