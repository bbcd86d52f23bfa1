import { Observable, share } from 'rxjs';
import { backOffWait, USUAL_BACK_OFF } from '../../runtime/back-off.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { ChangeDetection } from './change-detection.ts';
import { recordDetection } from './detection-record.ts';
import type { SourceChange } from './source-change.ts';

/** One way to ask a source what moved since it was last asked. */
export interface ChangePoll {
  readonly detection: ChangeDetection;
  /** How long to wait between two questions, ms. */
  readonly everyMs: number;
  /** Null when nothing moved. */
  poll(): Promise<SourceChange | null>;
}

export interface PollOptions {
  /** Finds the best way that the source allows, and notes where it stands. */
  readonly find: () => Promise<ChangePoll>;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** A way that could be better is looked for again after this long, ms. */
  readonly improveAfterMs: number;
  /** Told of the way that was found, when it is another than before. */
  readonly onDetection: (detection: ChangeDetection) => void;
}

export interface PolledChanges {
  /** Hot while somebody listens; never errors: a source that cannot be asked is asked again after a back-off. */
  readonly changes: Observable<SourceChange>;
  detection(): ChangeDetection;
  /**
   * Settles once the first look, if somebody listens, has ended either way: what is read after that and what changes are
   * told after that leave no gap between them.
   */
  begun(): Promise<void>;
}

const EVERYTHING: SourceChange = { names: 'all' };

/**
 * Asks one question after the other, never two at once. What may have changed while the source could not be asked, or
 * between two ways of asking, counts as changed. So it does when it first cannot be asked: every feature then reads, and
 * finds out at once that its source is away, not when its content is as old as it may be.
 */
export function pollChanges({ find, clock, random, improveAfterMs, onDetection }: PollOptions): PolledChanges {
  const detection = recordDetection(onDetection);
  let begun: Promise<void> = Promise.resolve();

  const changes = new Observable<SourceChange>((subscriber) => {
    const first = Promise.withResolvers<void>();
    begun = first.promise;
    let way: ChangePoll | undefined;
    let foundAt = 0;
    let looked = false;
    let failures = 0;
    let cancel = () => {};

    const look = async () => {
      way = await find();
      foundAt = clock.elapsed();
      if (subscriber.closed) return;
      detection.found(way.detection);
      if (looked) subscriber.next(EVERYTHING);
      looked = true;
    };
    const ask = async () => {
      const improvable = way !== undefined && way.detection.reason !== null;
      if (way === undefined || (improvable && clock.elapsed() - foundAt >= improveAfterMs)) {
        await look();
        return;
      }
      const change = await way.poll();
      if (change !== null) subscriber.next(change);
    };
    const turn = async () => {
      let delayMs: number;
      try {
        await ask();
        failures = 0;
        delayMs = way?.everyMs ?? USUAL_BACK_OFF.backOffMs;
      } catch {
        // Whoever reads from the source says what is wrong with it; here it only means that nobody can be asked.
        if (way !== undefined && !subscriber.closed) subscriber.next(EVERYTHING);
        way = undefined;
        looked = true;
        delayMs = backOffWait(failures++, random(), USUAL_BACK_OFF);
      }
      first.resolve();
      if (!subscriber.closed) cancel = clock.schedule(delayMs, () => void turn());
    };
    void turn();
    return () => {
      cancel();
      first.resolve();
    };
  }).pipe(share());

  return { changes, detection: detection.current, begun: () => begun };
}
