import type { MirrorState } from '../mirror/mirror-writer.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { SourceError } from '../runtime/source-errors.ts';
import { withDeadline } from './deadline.ts';
import { type ChangeSink, type FeedSession, SessionOutdatedError } from './feed-source.ts';
import type { FeedContext } from './feed-state.ts';
import { reconcile } from './reconcile.ts';

/** Runs one session until it has to be reopened, or the feed stops. */
export async function runSession(context: FeedContext, openWithinMs: number, mustLoad: boolean): Promise<void> {
  const { mirror, clock, timings, state, callers } = context;
  callers.noteRequest();
  const session = await open(context, openWithinMs);
  try {
    state.update({ mode: session.mode, reason: session.reason });
    await follow(context, session, await establish(context, session, mustLoad));
  } finally {
    await settledWithin(Promise.all([mirror.rollback(), session.close()]), timings.closeWithinMs, clock);
  }
}

async function open(context: FeedContext, openWithinMs: number): Promise<FeedSession> {
  let opening: Promise<FeedSession> | undefined;
  try {
    return await withDeadline(context, openWithinMs, async (signal) => {
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

/** Where a session starts to follow. */
interface Start {
  readonly position: string;
  /** Whether it was just loaded. */
  readonly isLoaded: boolean;
}

/** Loads the mirror if it cannot resume from its position. */
async function establish(context: FeedContext, session: FeedSession, mustLoad: boolean): Promise<Start> {
  const kept = mustLoad ? null : await keptState(context, session);
  if (kept !== null && (await canFollow(context, session, kept))) return { position: kept.position, isLoaded: false };
  return { position: await load(context, session), isLoaded: true };
}

/** The state of the mirror; an empty one adopts an image of the load, if there is one. */
async function keptState({ mirror }: FeedContext, { image = null }: FeedSession): Promise<MirrorState | null> {
  const state = await mirror.state();
  return state === null && image !== null ? mirror.adopt(image) : state;
}

async function canFollow(context: FeedContext, session: FeedSession, kept: MirrorState): Promise<boolean> {
  if (JSON.stringify(kept.catalog) !== JSON.stringify(session.catalog)) return false;
  return withDeadline(context, context.timings.silentMs, (signal) => session.canFollow(kept.position, signal));
}

async function load(context: FeedContext, session: FeedSession): Promise<string> {
  const { mirror, state } = context;
  state.update({ activity: 'loading' });
  await mirror.begin('load', session.catalog);
  const position = await record(
    context,
    async () => {},
    (sink, signal) => session.load(sink, signal),
  );
  state.loaded(await mirror.commit(position, session.image));
  return position;
}

async function follow(context: FeedContext, session: FeedSession, start: Start): Promise<void> {
  const { clock, timings, stopping, callers, state } = context;
  const openedAt = clock.elapsed();
  let comparedAt = openedAt;
  let { position } = start;
  // Features wait until a kept mirror has caught up.
  let mustCatchUp = !start.isLoaded && state.isAwaited;
  while (!stopping.aborted) {
    // A better mode may be possible by now: the session is reopened.
    if (session.reason !== null && clock.elapsed() - openedAt > timings.improveAfterMs) return;
    await expectInMirror(context, position);
    position = await pollForCallers(context, session, position, mustCatchUp);
    mustCatchUp = false;
    if (callers.comparisons.isWanted() || clock.elapsed() - comparedAt >= timings.reconcileEveryMs) {
      comparedAt = clock.elapsed();
      position = await reconcile(context, session, position, (from) => poll(context, session, from, true));
    }
    await callers.pause(session.pauseMs);
  }
}

/** Polls for all queued callers; if that fails, they stay queued. @returns the new position */
async function pollForCallers(
  context: FeedContext,
  session: FeedSession,
  from: string,
  mustCatchUp: boolean,
): Promise<string> {
  const { callers, state } = context;
  const queued = callers.syncs.take();
  callers.noteRequest();
  try {
    const position = await poll(context, session, from, mustCatchUp || queued.length > 0);
    state.polled(position);
    for (const { resolve } of queued) resolve();
    return position;
  } catch (error) {
    callers.syncs.putBack(queued);
    throw error;
  }
}

/** @throws SessionOutdatedError if the mirror was replaced: its Worker ended, or its file was damaged */
async function expectInMirror({ mirror }: FeedContext, position: string): Promise<void> {
  const state = await mirror.state();
  if (state?.position !== position) throw new SessionOutdatedError('The mirror was lost, and is loaded again', false);
}

/** @returns the new position */
async function poll(
  context: FeedContext,
  session: FeedSession,
  position: string,
  mustCatchUp: boolean,
): Promise<string> {
  const { mirror, state } = context;
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return mirror.begin('changes', session.catalog);
  };
  const next = await record(context, begin, (sink, signal) => session.poll(position, sink, signal, mustCatchUp));
  if (next === null) return position;
  if (!hasBegun) await begin();
  state.applied(await mirror.commit(next));
  return next;
}

/**
 * Reads from the source into the mirror. The deadline restarts with each piece, and the time that the mirror takes does not
 * count.
 *
 * @param begin awaited before the first piece
 */
function record<Result>(
  context: FeedContext,
  begin: () => Promise<void>,
  read: (sink: ChangeSink, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { mirror, timings, state } = context;
  let isOpen = true;
  let begun: Promise<void> | undefined;
  /** Later pieces would mix with those of the next read. */
  const expectOpen = () => {
    if (!isOpen) throw new SourceError('The read was cancelled');
  };
  return withDeadline(context, timings.silentMs, async (signal, aside) => {
    const write = async (rows: number, work: () => Promise<void>) => {
      expectOpen();
      await aside(async () => {
        begun ??= begin();
        await begun;
        expectOpen();
        await work();
      });
      state.countRows(rows);
    };
    const close = () => {
      isOpen = false;
    };
    signal.addEventListener('abort', close, { once: true });
    try {
      const sink: ChangeSink = {
        rows: (table, rows) => write(rows.length, () => mirror.rows(table, rows)),
        deleted: (table, keys) => write(keys.length, () => mirror.deleted(table, keys)),
        whole: (table) => write(0, () => mirror.whole(table)),
      };
      return await read(sink, signal);
    } finally {
      close();
    }
  });
}
