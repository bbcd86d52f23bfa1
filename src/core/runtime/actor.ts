import { type Observable, Subject } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import { type ActorState, type ActorTimings, dataOf, INITIAL_STATE, type RefreshOutcome } from './actor-state.ts';
import { type ActorEffect, type ActorMessage, transition, wakeAt } from './actor-transition.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Publication } from './emission.ts';
import { type Failing, failureOf } from './failure.ts';
import { createMailbox } from './mailbox.ts';
import { settledWithin } from './settled-within.ts';
import type { Snapshot } from './snapshot.ts';

export type { RefreshOutcome } from './actor-state.ts';

/** The status of a feature, for `/ready`, `/ws/status`, Status frames and the log. */
export interface FeatureStatus {
  readonly feature: string;
  readonly data: ReturnType<typeof dataOf>;
  readonly activity: ActorState['activity']['kind'];
  /** Since when refreshes fail, and why; null while they succeed. */
  readonly failing: Failing | null;
  /** How long the last successful refresh took, ms; null before the first. */
  readonly lastRefreshMs: number | null;
}

export interface Actor<Data = unknown> {
  readonly name: string;
  /** Successful refreshes. Hot; completes when the actor stops; never errors. */
  readonly publications: Observable<Publication<Data>>;
  /**
   * The status when refreshes begin to fail, fail for a graver reason, or work again. Hot; completes when the actor
   * stops; never errors.
   */
  readonly statusChanges: Observable<FeatureStatus>;
  latest(): Snapshot<Data> | undefined;
  status(): FeatureStatus;
  /** Starts the first refresh. The actor ignores changes and refuses refreshes before that. */
  start(): void;
  /** Something that the feature reads has changed. */
  changed(): void;
  /** The feed began to fail, or recovered: refreshes at once, without pause or back-off. */
  feedChanged(): void;
  /** Refreshes now, without pause or back-off; many calls at once share one refresh. Never rejects. */
  refresh(): Promise<RefreshOutcome>;
  /** Cancels the load in flight, completes the observables, and waits up to a second for the cancelled load to settle. */
  stop(): Promise<void>;
}

export interface LoadRequest<Data = unknown> {
  /** The one instant that is "now" for every figure. */
  readonly now: Instant;
  /** Aborted past the deadline and on stop. What the load returns after that is ignored. */
  readonly signal: AbortSignal;
  /** A caller asked for it: it includes what the source holds by now. */
  readonly manual: boolean;
  /** The snapshot that is served. */
  readonly known: Snapshot<Data> | undefined;
}

/** One refresh: what `load-snapshot.ts` makes. */
export type LoadSnapshot<Data> = (request: LoadRequest<Data>) => Promise<Snapshot<Data>>;

export interface ActorOptions<Data> {
  readonly name: string;
  readonly load: LoadSnapshot<Data>;
  readonly timings: ActorTimings;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** Receives unexpected errors. The status only says that there was one. */
  readonly onError: (error: unknown) => void;
}

/** How long `stop` waits for a cancelled load, ms. */
const STOP_WITHIN_MS = 1_000;

/**
 * Passes messages to `transition` and performs its effects.
 *
 * A load is begun, timed and cancelled here and nowhere else: the effect `load` begins it, `wakeAt` is its deadline while
 * it is in flight, and the effect `cancel` aborts its signal. An error it throws becomes state.
 */
export function createActor<Data>(options: ActorOptions<Data>): Actor<Data> {
  const { name, timings, clock, random } = options;
  const publications = new Subject<Publication<Data>>();
  const statusChanges = new Subject<FeatureStatus>();
  let state: ActorState<Data> = INITIAL_STATE;
  let cancelWake: Cancel = () => {};
  let inFlight: InFlight | undefined;

  const handle = (message: ActorMessage<Data>) => {
    const context = { at: clock.elapsed(), now: clock.now(), jitter: random(), timings };
    const { state: after, effects } = transition(state, message, context);
    state = after;
    for (const effect of effects) perform(effect);
  };
  const scheduleWake = () => {
    cancelWake();
    const wake = wakeAt(state, timings);
    if (wake !== null) cancelWake = clock.schedule(Math.max(0, wake - clock.elapsed()), () => post({ kind: 'woke' }));
  };
  const post = createMailbox(handle, scheduleWake);

  const perform = (effect: ActorEffect<Data>): void => {
    switch (effect.kind) {
      case 'load':
        inFlight = begin(options, effect, state.snapshot, post);
        break;
      case 'cancel':
        inFlight?.abort.abort();
        break;
      case 'publish':
        publications.next({ snapshot: effect.snapshot, manual: effect.manual });
        break;
      case 'status-changed':
        statusChanges.next(statusOf(name, state));
        break;
      case 'answer':
        for (const settle of effect.callers) settle(effect.outcome);
    }
  };

  return {
    name,
    publications: publications.asObservable(),
    statusChanges: statusChanges.asObservable(),
    latest: () => state.snapshot,
    status: () => statusOf(name, state),
    start: () => post({ kind: 'start' }),
    changed: () => post({ kind: 'changed' }),
    feedChanged: () => post({ kind: 'feed-changed' }),
    refresh: () => new Promise((caller) => post({ kind: 'requested', caller })),
    async stop() {
      post({ kind: 'stop' });
      publications.complete();
      statusChanges.complete();
      // A stop that a subscriber asks for is performed after the current message.
      await Promise.resolve();
      if (inFlight !== undefined) await settledWithin(inFlight.settled, STOP_WITHIN_MS, clock);
    },
  };
}

/** A load that has begun. `settled` never rejects. */
interface InFlight {
  readonly abort: AbortController;
  readonly settled: Promise<void>;
}

/** Begins a load, and posts how it ends unless it is aborted first. */
function begin<Data>(
  { load, clock, onError }: ActorOptions<Data>,
  { refresh, manual }: { readonly refresh: number; readonly manual: boolean },
  known: Snapshot<Data> | undefined,
  post: (message: ActorMessage<Data>) => void,
): InFlight {
  const abort = new AbortController();
  const { signal } = abort;
  const now = clock.now();
  const run = async () => {
    try {
      // A stop right after the start comes first.
      await Promise.resolve();
      if (signal.aborted) return;
      const snapshot = await load({ now, signal, manual, known });
      if (!signal.aborted) post({ kind: 'loaded', refresh, snapshot });
    } catch (error) {
      if (!signal.aborted) post({ kind: 'failed', refresh, failure: failureOf(error, onError) });
    }
  };
  return { abort, settled: run() };
}

function statusOf(feature: string, state: ActorState): FeatureStatus {
  const { activity, failing, lastRefreshMs } = state;
  return {
    feature,
    data: dataOf(state),
    activity: activity.kind,
    failing: failing && { since: failing.since, reason: failing.reason, blame: failing.blame },
    lastRefreshMs,
  };
}
