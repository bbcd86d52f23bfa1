import { differingTables, type TableChecksum } from '../mirror/checksum.ts';

export interface ReconcileOptions {
  /** Applies what has moved. @returns whether anything had */
  readonly catchUp: () => Promise<boolean>;
  readonly source: () => Promise<readonly TableChecksum[]>;
  readonly mirror: () => Promise<readonly TableChecksum[]>;
}

/** A source that changes all the time is compared so often until it stands still for a moment. */
const MOST_ATTEMPTS = 5;

/**
 * Compares source and mirror. They differ only where they do so while nothing moves: what changed between the two sides is
 * no difference.
 *
 * @returns the tables that differ; null when the source never stood still
 */
export async function reconcile({ catchUp, source, mirror }: ReconcileOptions): Promise<readonly string[] | null> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    await catchUp();
    const theirs = await source();
    const differing = differingTables(theirs, await mirror());
    if (differing.length === 0 || !(await catchUp())) return differing;
  }
  return null;
}
