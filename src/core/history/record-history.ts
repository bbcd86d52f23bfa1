import type { Instant } from '../figures/calendar.ts';
import { valueAt } from '../figures/value-at.ts';
import type { Cancel, Clock } from '../runtime/clock.ts';
import { reportFirst } from '../runtime/report-first.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { Feeds, RunningFeature } from '../runtime/supervisor.ts';
import type { FigureValues } from './figure-values.ts';
import type { History } from './history.ts';
import { MINUTE_MS } from './steps.ts';

export interface RecordHistoryOptions {
  readonly running: readonly RunningFeature[];
  readonly feeds: Feeds;
  readonly history: Pick<History, 'record'>;
  readonly clock: Clock;
  /** Receives the first of consecutive errors of the storage; the server continues without those points. */
  readonly onError: (error: unknown) => void;
}

/**
 * Records the figures of each live feature once a minute: at the start of the minute, or with the first snapshot in it. A
 * feature whose content did not change is recorded too, so that a gap means that nothing was known. A stale snapshot is not
 * recorded.
 *
 * @returns a function that stops it
 */
export function recordHistory({ running, feeds, history, clock, onError }: RecordHistoryOptions): () => void {
  const recordedMinutes = new Map<string, number>();
  const storage = reportFirst(onError);
  let cancel: Cancel = () => {};

  const record = (candidates: readonly RunningFeature[]) => {
    const now = clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const due = candidates.filter(({ actor }) => recordedMinutes.get(actor.name) !== minute);
    const points = due.flatMap((each) => pointOf(each, feeds) ?? []);
    if (points.length === 0) return;
    for (const { feature } of points) recordedMinutes.set(feature, minute);
    const failed = (error: unknown) => {
      for (const { feature } of points) recordedMinutes.delete(feature);
      // A lost Worker is reported elsewhere.
      if (!(error instanceof SourceError)) storage.failed(error);
    };
    history.record(points, now).then(storage.worked, failed);
  };
  const recordEachMinute = () => {
    cancel = clock.schedule(untilNextMinute(clock.now()), () => {
      record(running);
      recordEachMinute();
    });
  };
  const subscriptions = running.map((each) => each.actor.publications.subscribe(() => record([each])));
  recordEachMinute();
  return () => {
    cancel();
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

function untilNextMinute(now: Instant): number {
  return MINUTE_MS - (now % MINUTE_MS);
}

/** The numeric figures of the latest snapshot; undefined if there is none, or it is stale. */
function pointOf({ feature, actor }: RunningFeature, feeds: Feeds): FigureValues | undefined {
  const snapshot = actor.latest();
  if (snapshot === undefined || snapshot.freshness.status === 'stale') return undefined;
  const figures = feature.catalogue.figures.map(({ path }) => path);
  return {
    feature: feature.name,
    source: feeds[feature.source].description,
    figures,
    values: figures.map((path) => numberAt(snapshot.data, path)),
  };
}

function numberAt(data: unknown, path: string): number | null {
  const value = valueAt(data, path);
  return typeof value === 'number' ? value : null;
}
