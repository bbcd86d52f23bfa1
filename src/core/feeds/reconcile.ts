import { differingTables, type TableChecksum } from '../mirror/checksum.ts';

export interface ReconcileOptions {
  /** Applies changes. @returns whether there were any */
  readonly catchUp: () => Promise<boolean>;
  readonly source: () => Promise<readonly TableChecksum[]>;
  readonly mirror: () => Promise<readonly TableChecksum[]>;
}

/** A source may change during a comparison, which is then repeated. */
const MOST_ATTEMPTS = 5;

/**
 * Compares source and mirror. A difference counts only if the source did not change during the comparison.
 *
 * @returns the tables that differ; null if the source changed during each attempt
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
