import { firstValueFrom, race, type Subject, timer } from 'rxjs';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { failureOf } from '../../core/runtime/failure.ts';
import type { ChangeDetection } from '../../core/sources/changes/change-detection.ts';
import type { Sources } from '../../core/sources/sources.ts';
import { broken, type Finding, ok, warning } from './finding.ts';

/**
 * Refreshes a feature once, as the server would: what it needs is there, may be read, and is what it should be.
 */
export async function lookAtFeature(feature: Feature, sources: Sources, withinMs: number): Promise<Finding> {
  const what = `feature ${feature.name}`;
  const began = performance.now();
  try {
    const { unavailable } = await feature.load(sources, Date.now(), AbortSignal.timeout(withinMs));
    const took = `read in ${Math.round(performance.now() - began)} ms`;
    if (unavailable.length === 0) return ok(what, took);
    const missing = unavailable.map(({ figure, column }) => `${figure} is null without ${column}`);
    return warning(what, `${took}; ${missing.join(', ')}`, 'add the optional columns, or leave it: the rest is there');
  } catch (error) {
    const { reason, blame } = failureOf(error, () => {});
    return broken(what, reason, blame === 'feature' ? OWN_ADVICE[feature.source] : ADVICE[blame]);
  }
}

/** What would help a feature that lacks something of its own at the source. */
const OWN_ADVICE: { readonly [Source in keyof Sources]: string } = {
  sql: 'db/schema.sql has the tables and columns, db/login.sql the permissions',
  documents: "set MONGO_DATABASE to the back end's, and give the user the role read on it",
};

const ADVICE = {
  silence: 'look for what the database is busy with, or raise REFRESH_DEADLINE_MS',
  source: 'see the lines of the database above',
};

/**
 * Waits until a source has found out how it notices changes.
 *
 * @param found emits what was found out, once somebody listens to the source's changes
 */
export async function lookAtDetection(
  source: keyof Sources,
  sources: Sources,
  found: Subject<ChangeDetection>,
  withinMs: number,
): Promise<Finding> {
  const what = `changes of ${source}`;
  const listening = sources[source].changes.subscribe();
  const first = await firstValueFrom(race(found, timer(withinMs)));
  listening.unsubscribe();
  if (typeof first === 'number')
    return broken(what, 'could not be found out in time', 'see the lines of the database above');
  const { mode, reason } = first;
  return reason === null ? ok(what, mode) : warning(what, mode, reason);
}
