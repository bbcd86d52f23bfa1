import { differingTables } from '../mirror/checksum.ts';
import { failureOf } from '../runtime/failure.ts';
import { SourceError } from '../runtime/source-errors.ts';
import { withDeadline } from './deadline.ts';
import { type FeedSession, SessionOutdatedError } from './feed-source.ts';
import type { FeedContext } from './feed-state.ts';

/** A source may change during a comparison, which is then repeated. */
const MOST_ATTEMPTS = 5;

/** Applies the changes since a position. @returns the new position */
type CatchUp = (from: string) => Promise<string>;

/**
 * Compares source and mirror. If the source refuses the comparison, callers get the error and the session continues.
 *
 * @returns the new position
 * @throws SessionOutdatedError if source and mirror differ: everything is loaded again
 */
export async function reconcile(
  context: FeedContext,
  session: FeedSession,
  from: string,
  catchUp: CatchUp,
): Promise<string> {
  const { state, callers, clock } = context;
  let position = from;
  const moves = async () => {
    const before = position;
    position = await catchUp(before);
    return position !== before;
  };
  try {
    const differing = session.compare === undefined ? null : await findDifferences(context, session, moves);
    state.update({ reconciled: differing === null ? null : { at: clock.now(), differing } });
    callers.comparisons.resolve();
    if (differing === null || differing.length === 0) return position;
    throw new SessionOutdatedError(`the mirror differs from the source in ${differing.join(', ')}`, true);
  } catch (error) {
    if (!(error instanceof ComparisonRefused)) throw error;
    callers.comparisons.reject(shownError(error.cause, context));
    return position;
  }
}

/**
 * A difference counts only if the source did not change during the comparison.
 *
 * @param moves applies changes; resolves to whether there were any
 * @returns the tables that differ; null if the source changed during each attempt
 */
async function findDifferences(
  context: FeedContext,
  session: FeedSession,
  moves: () => Promise<boolean>,
): Promise<readonly string[] | null> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    await moves();
    const source = await sourceChecksums(context, session);
    const differing = differingTables(source, await context.mirror.checksums());
    if (differing.length === 0 || !(await moves())) return differing;
  }
  return null;
}

/** The source failed to compute its checksums. A reopened session would fail again, so this one continues. */
class ComparisonRefused extends Error {}

async function sourceChecksums(context: FeedContext, session: FeedSession) {
  try {
    return await withDeadline(
      context,
      context.timings.compareWithinMs,
      async (signal) => (await session.compare?.(signal)) ?? [],
    );
  } catch (error) {
    throw error instanceof SessionOutdatedError ? error : new ComparisonRefused('', { cause: error });
  }
}

/** Callers get the text of a SourceError only; an unexpected error goes to the log. */
function shownError(error: unknown, { onError }: Pick<FeedContext, 'onError'>): SourceError {
  return error instanceof SourceError ? error : new SourceError(failureOf(error, onError).reason);
}
