import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { Snapshot } from './snapshot.ts';

/** A successful refresh. */
export interface Publication<Data = unknown> {
  readonly snapshot: Snapshot<Data>;
  /** A caller asked for it: it bypasses the throttle. */
  readonly manual: boolean;
}

/** What a hub sends to everyone at once. */
export interface Emission<Data = unknown> {
  readonly reason: 'Auto' | 'Manual';
  readonly snapshot: Snapshot<Data>;
}

export interface EmissionOptions {
  /** At most one automatic emission in this time, ms. */
  readonly intervalMs: number;
  /** Emit at every interval, whether the content changed or not. */
  readonly unchanged: boolean;
  /** The number of a snapshot that clients have already; none by default. */
  readonly emittedSeq?: number | undefined;
  readonly scheduler?: SchedulerLike;
}

/**
 * Leading and trailing edge: the first change is emitted at once, those within the window are conflated into the newest,
 * which is emitted when the window ends. A manual publication is emitted at once, changed or not, and opens a new window.
 *
 * On completion the pending snapshot is emitted immediately. `throttleTime` would wait for the end of its window, and drop
 * the last value on an error.
 *
 * ```
 * content   a--b-c------------d|
 * interval  5
 * emission  a----c------------d|
 * ```
 */
export function emission<Data>(options: EmissionOptions): OperatorFunction<Publication<Data>, Emission<Data>> {
  const { intervalMs, unchanged, scheduler = asyncScheduler } = options;
  return (source) =>
    new Observable((subscriber) => {
      let newest: Snapshot<Data> | undefined;
      let emittedSeq = options.emittedSeq ?? -1;
      let window: Subscription | undefined;

      const emit = (reason: Emission['reason'], snapshot: Snapshot<Data>) => {
        emittedSeq = snapshot.seq;
        window?.unsubscribe();
        window = scheduler.schedule(closeWindow, intervalMs);
        subscriber.next({ reason, snapshot });
      };
      const emitIfDue = () => {
        if (newest !== undefined && (unchanged || newest.seq > emittedSeq)) emit('Auto', newest);
      };
      const closeWindow = () => {
        window = undefined;
        emitIfDue();
      };

      const flush = () => {
        window?.unsubscribe();
        if (newest !== undefined && newest.seq > emittedSeq) {
          subscriber.next({ reason: 'Auto', snapshot: newest });
        }
      };

      const subscription = source.subscribe({
        next({ snapshot, manual }) {
          newest = snapshot;
          if (manual) emit('Manual', snapshot);
          else if (window === undefined) emitIfDue();
        },
        error: (error) => {
          flush();
          subscriber.error(error);
        },
        complete: () => {
          flush();
          subscriber.complete();
        },
      });
      return () => {
        window?.unsubscribe();
        subscription.unsubscribe();
      };
    });
}
