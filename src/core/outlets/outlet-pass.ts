import { HOUR_MS, type Instant } from '../figures/calendar.ts';
import { messageOf } from '../runtime/errors.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { OutletMemory, Pass } from './outlet.ts';
import { BudgetSpentError, RefusedError, RetryLaterError } from './outlet-errors.ts';
import { createOutletFetch } from './outlet-fetch.ts';
import { reportSave } from './outlet-memory.ts';
import type { OutletOptions } from './outlet-options.ts';
import type { LastPass, OutletRecord } from './outlet-record.ts';
import type { PassFailure } from './outlet-state.ts';
import type { OutletMessage } from './outlet-transition.ts';
import type { RequestLedger } from './request-ledger.ts';

export interface OutletPassOptions extends OutletOptions {
  /** The outlet's own memory. */
  readonly memory: OutletMemory;
  readonly record: OutletRecord;
  readonly ledger: RequestLedger;
  readonly post: (message: OutletMessage) => void;
}

/** Runs the passes of an outlet, one at a time. */
export interface OutletPass {
  /** Features or notifications that the target does not have yet. */
  waiting(): number;
  /** Starts a pass, and posts how it ends unless it is cancelled first. */
  begin(pass: number, requestedFeatures: ReadonlySet<string>): void;
  /** Aborts the pass in flight. Whatever it still does is ignored, and it can neither send nor remember anything. */
  cancel(): void;
  /** Requests of the latest pass. */
  requests(): number;
  /** The features that the latest pass had snapshots of. */
  features(): ReadonlySet<string>;
  /** From now to the earliest start of an automatic pass after one that ended then, ms. */
  pauseMs(endedAt: Instant): number;
  /** Resolves once the code of the latest pass has ended. Never rejects. */
  settled(): Promise<void>;
}

/** A pass that begins waits this long at most until that is stored, ms. */
const KEEP_WITHIN_MS = 1_000;

export function createOutletPass(options: OutletPassOptions): OutletPass {
  return new Passes(options);
}

class Passes implements OutletPass {
  readonly #options: OutletPassOptions;
  #abort = new AbortController();
  #settled: Promise<void> = Promise.resolve();
  #takenBefore = 0;
  #snapshots: ReadonlyMap<string, Snapshot> = new Map();

  constructor(options: OutletPassOptions) {
    this.#options = options;
    this.#takenBefore = options.ledger.taken;
  }

  waiting(): number {
    const { outlet, journal, record } = this.#options;
    if (outlet.watches === 'notifications') return journal.after(record.notified, Number.MAX_SAFE_INTEGER).length;
    return this.#unsent(this.#newest()).length;
  }

  begin(pass: number, requestedFeatures: ReadonlySet<string>): void {
    const { clock, journal, ledger, post } = this.#options;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#takenBefore = ledger.taken;
    this.#snapshots = this.#newest();
    const lastId = journal.lastId;
    const now = clock.now();
    const run = async () => {
      // The publication that started it reaches everybody else first.
      await Promise.resolve();
      try {
        await this.#deliver({ now, isRequested: requestedFeatures.size > 0, requestedFeatures, signal });
        if (signal.aborted) return;
        this.#keep(this.#options.record.complete(this.#snapshots.values(), lastId, this.#ended(true)));
        post({ kind: 'delivered', pass, waiting: this.waiting(), nextPassInMs: this.pauseMs(clock.now()) });
      } catch (error) {
        if (signal.aborted) return;
        const failure = failureOfPass(error, this.#options.onError);
        this.#keep(this.#options.record.fail(this.#ended(false, failure)));
        post({ kind: 'failed', pass, failure });
      }
    };
    this.#settled = run();
  }

  cancel(): void {
    this.#abort.abort();
    this.#keep(this.#options.record.fail(this.#ended(false)));
  }

  requests(): number {
    return this.#options.ledger.taken - this.#takenBefore;
  }

  features(): ReadonlySet<string> {
    return new Set(this.#snapshots.keys());
  }

  pauseMs(endedAt: Instant): number {
    const { outlet, clock, onError } = this.#options;
    try {
      const pause = outlet.nextPass(endedAt) - clock.now();
      if (!Number.isNaN(pause)) return Math.max(0, pause);
      onError(new TypeError(`The outlet ${outlet.name} has no next pass`));
    } catch (error) {
      onError(error);
    }
    return HOUR_MS;
  }

  settled(): Promise<void> {
    return this.#settled;
  }

  async #deliver(start: Pick<Pass, 'now' | 'isRequested' | 'requestedFeatures' | 'signal'>) {
    const { signal } = start;
    const { outlet, record, ledger, clock, journal, memory, send } = this.#options;
    if (signal.aborted) return;
    const begun = record.begin(this.#unsent(this.#snapshots));
    this.#keep(begun);
    await settledWithin(begun, KEEP_WITHIN_MS, clock);
    if (signal.aborted) return;
    const { requestWithinMs } = outlet.budget;
    await outlet.deliver({
      ...start,
      snapshots: this.#snapshots,
      notificationsAfter: (since, limit) => journal.after(Math.max(since, record.notifiedBefore), limit),
      fetch: createOutletFetch({ ledger, requestWithinMs, signal, clock, ...(send === undefined ? {} : { send }) }),
      memory: memoryOfPass(memory, signal),
    });
  }

  #newest(): ReadonlyMap<string, Snapshot> {
    const entries = this.#options.running.map(({ actor }) => [actor.name, actor.latest()] as const);
    return new Map(entries.flatMap(([name, snapshot]) => (snapshot === undefined ? [] : [[name, snapshot]])));
  }

  #unsent(snapshots: ReadonlyMap<string, Snapshot>): Snapshot[] {
    return [...snapshots.values()].filter((snapshot) => !this.#options.record.hasSent(snapshot));
  }

  #ended(isComplete: boolean, failure?: PassFailure): LastPass {
    const targetWaitMs = failure?.kind === 'later' ? (failure.afterMs ?? 0) : 0;
    return { endedAt: this.#options.clock.now(), isComplete, requests: this.requests(), targetWaitMs };
  }

  #keep(saved: Promise<void>): void {
    reportSave(saved, this.#options.onError);
  }
}

/** A pass that was cancelled must not write over what a later one remembers. */
function memoryOfPass(memory: OutletMemory, signal: AbortSignal): OutletMemory {
  return {
    get: (key) => memory.get(key),
    entries: () => memory.entries(),
    async save(changes) {
      if (signal.aborted) throw new RetryLaterError('the pass was cancelled');
      await memory.save(changes);
    },
  };
}

const LONGEST_REASON = 300;

function failureOfPass(error: unknown, onError: (error: unknown) => void): PassFailure {
  const reason = messageOf(error).split('\n', 1)[0]?.slice(0, LONGEST_REASON) ?? '';
  if (error instanceof RefusedError) return { kind: 'refused', reason, afterMs: null };
  if (error instanceof BudgetSpentError) return { kind: 'budget-spent', reason, afterMs: error.afterMs };
  if (error instanceof RetryLaterError) return { kind: 'later', reason, afterMs: error.afterMs };
  if (error instanceof SourceError || isSystemError(error)) return { kind: 'later', reason, afterMs: null };
  onError(error);
  return { kind: 'later', reason: 'an unexpected error, which has been logged', afterMs: null };
}

/** An error of the operating system, such as a full disk. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
