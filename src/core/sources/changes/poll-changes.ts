import { Observable, share } from 'rxjs';
import type { Clock } from '../../runtime/clock.ts';
import type { ChangeDetection } from './change-detection.ts';
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

const BACK_OFF_MS = 1_000;
const BACK_OFF_MAX_MS = 30_000;
const EVERYTHING: SourceChange = { names: 'all' };
const UNKNOWN: ChangeDetection = { mode: 'unknown', reason: 'the source has not been reached yet' };

/**
 * Asks one question after the other, never two at once. What may have changed while the source could not be asked, or
 * between two ways of asking, counts as changed.
 */
export function pollChanges({ find, clock, random, improveAfterMs, onDetection }: PollOptions): PolledChanges {
  let detection = UNKNOWN;
  let begun: Promise<void> = Promise.resolve();

  const found = (next: ChangeDetection) => {
    const { mode, reason } = detection;
    detection = next;
    if (next.mode !== mode || next.reason !== reason) onDetection(next);
  };

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
      found(way.detection);
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
        delayMs = way?.everyMs ?? BACK_OFF_MS;
      } catch {
        // Whoever reads from the source says what is wrong with it; here it only means that nobody can be asked.
        way = undefined;
        looked = true;
        delayMs = Math.min(BACK_OFF_MS * 2 ** failures++, BACK_OFF_MAX_MS) * (0.5 + random() / 2);
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

  return { changes, detection: () => detection, begun: () => begun };
}
