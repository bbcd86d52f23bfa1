import { type Observable, Subject } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import {
  type ActorEffect,
  type ActorMessage,
  type ActorState,
  type ActorTimings,
  INITIAL_STATE,
  transition,
  wakeAt,
} from './actor-state.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Publication } from './emission.ts';
import { type Blame, type Failure, failureOf, graver } from './failure.ts';
import type { Loaded, Snapshot } from './snapshot.ts';

/** How a feature is doing, for `/ready`, `/ws/status`, Status frames and the log. */
export interface FeatureStatus {
  readonly feature: string;
  readonly data: ActorState['data'];
  readonly activity: ActorState['activity']['kind'];
  /**
   * Since when refreshes fail, and why; null while they do not. What is to blame is the gravest of all failures since:
   * a source that was lost is not back because the next refresh fails of something else.
   */
  readonly failing: { readonly since: Instant; readonly reason: string; readonly blame: Blame } | null;
  /** How long the last refresh took, ms; null before the first. */
  readonly lastRefreshMs: number | null;
}

export type RefreshOutcome = { readonly status: 'ok' } | { readonly status: 'error'; readonly message: string };

export interface Actor<Data = unknown> {
  readonly name: string;
  /** Refreshes that ended well. Hot; completes when the actor stops; never errors. */
  readonly publications: Observable<Publication<Data>>;
  /**
   * A value whenever refreshes begin to fail, turn out to fail of something graver, or work again. Hot; completes when the
   * actor stops; never errors.
   */
  readonly statusChanges: Observable<FeatureStatus>;
  latest(): Snapshot<Data> | undefined;
  status(): FeatureStatus;
  start(): void;
  /** Something that the feature reads has changed. */
  changed(): void;
  /** Its feed fails, or works again: refreshes at once, whatever the actor is waiting for. */
  feedChanged(): void;
  /** Refreshes now, past back-off and pause; many calls at once become one refresh. Never rejects. */
  refresh(): Promise<RefreshOutcome>;
  /**
   * Cancels the refresh in flight, completes the observables, and waits until the cancelled work has let go; at most a
   * second, since a load may ignore its signal.
   */
  stop(): Promise<void>;
}

/** One refresh. */
export interface LoadRequest {
  /** The one instant that is "now" for every figure. */
  readonly now: Instant;
  readonly signal: AbortSignal;
  /** Somebody asked for it: what the source holds by now has to be in it. */
  readonly manual: boolean;
  /** Of the content that is served; null before the first. */
  readonly knownHash: string | null;
}

/** @returns null when the content is the known one */
export type LoadFigures<Data> = (request: LoadRequest) => Promise<Loaded<Data> | null>;

export interface ActorOptions<Data> {
  readonly name: string;
  readonly load: LoadFigures<Data>;
  readonly timings: ActorTimings;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** The next sequence number for a content, given the hash of it; see `SequenceStore`. */
  readonly nextSeq: (hash: string) => number;
  /** Told of failures that nobody foresaw, whole; people are told only that there was one. */
  readonly onError: (error: unknown) => void;
}

type Caller = (outcome: RefreshOutcome) => void;

/** A cancelled load that has not let go by then is not waited for, ms. */
const STOP_PATIENCE_MS = 1_000;

/**
 * The interpreter of `actor-state.ts`: it feeds messages in and carries effects out.
 *
 * Whatever a load throws, at whatever time, becomes state. There is no way for an actor to die but to be stopped.
 */
export function createActor<Data>(options: ActorOptions<Data>): Actor<Data> {
  const { name, load, timings, clock, random, nextSeq, onError } = options;
  const publications = new Subject<Publication<Data>>();
  const statusChanges = new Subject<FeatureStatus>();
  let state = INITIAL_STATE;
  let snapshot: Snapshot<Data> | undefined;
  let arrived: Snapshot<Data> | undefined;
  let failing: FeatureStatus['failing'] = null;
  let refreshed = false;
  let started = false;
  let stopped = false;
  let cancelTimer: Cancel = () => {};
  let flight: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  let waiting: Caller[] = [];
  let aboard: Caller[] = [];
  const posted: { readonly message: ActorMessage; readonly caller: Caller | undefined }[] = [];
  let carryingOut = false;

  const status = (): FeatureStatus => ({
    feature: name,
    data: state.data,
    activity: state.activity.kind,
    failing,
    lastRefreshMs: refreshed ? state.lastTookMs : null,
  });

  /** Who hears of an effect may send a message in turn: it waits until the effects of the one before are carried out. */
  const post = (message: ActorMessage, caller?: Caller): void => {
    posted.push({ message, caller });
    if (carryingOut) return;
    carryingOut = true;
    for (let next = posted.shift(); next !== undefined; next = posted.shift()) {
      if (next.caller !== undefined) waiting.push(next.caller);
      const { state: after, effects } = transition(state, next.message, clock.elapsed(), timings);
      state = after;
      for (const effect of effects) perform(effect);
    }
    carryingOut = false;
    arm();
  };

  const arm = () => {
    cancelTimer();
    const at = wakeAt(state, timings);
    const delay = at === null ? null : Math.max(0, at - clock.elapsed());
    cancelTimer = delay === null ? () => {} : clock.schedule(delay, () => post({ kind: 'woke', jitter: random() }));
  };

  const unchanged = (): Snapshot<Data> => {
    if (snapshot === undefined) throw new TypeError('A first content cannot be a known one');
    return snapshot;
  };
  const numbered = ({ encoded, content }: Loaded<Data>) => {
    if (snapshot?.encoded.hash === encoded.hash) return snapshot;
    return { ...content(), feature: name, seq: nextSeq(encoded.hash), encoded };
  };

  const startLoad = (refresh: number, manual: boolean) => {
    aboard = waiting;
    waiting = [];
    const abort = new AbortController();
    const now = clock.now();
    const arrive = (loaded: Loaded<Data> | null) => {
      if (abort.signal.aborted) return;
      // Parsed and numbered before the state moves, so that what goes wrong with that is a failed refresh too.
      arrived = {
        ...(loaded === null ? unchanged() : numbered(loaded)),
        generatedAt: now,
        freshness: { status: 'live' },
      };
      post({ kind: 'loaded', refresh });
    };
    const fail = (error: unknown) => {
      if (!abort.signal.aborted) post({ kind: 'failed', refresh, ...failureOf(error, onError), jitter: random() });
    };
    // A load that throws before it returns a promise is a failure like any other.
    const ended = Promise.resolve()
      .then(async () => {
        const knownHash = snapshot?.encoded.hash ?? null;
        if (!abort.signal.aborted) arrive(await load({ now, signal: abort.signal, manual, knownHash }));
      })
      .catch(fail);
    flight = { abort, ended };
  };

  const publish = (manual: boolean) => {
    if (arrived === undefined) return;
    snapshot = arrived;
    arrived = undefined;
    refreshed = true;
    publications.next({ snapshot, manual });
  };

  const failed = (failure: Failure, firstFailure: boolean) => {
    const { reason } = failure;
    const before = failing?.blame;
    const blame = graver(before, failure.blame);
    const since = failing?.since ?? failure.since ?? clock.now();
    failing = { since, reason, blame };
    if (snapshot !== undefined) snapshot = { ...snapshot, freshness: { status: 'stale', since, reason } };
    if (firstFailure || blame !== before) statusChanges.next(status());
  };

  const live = () => {
    failing = null;
    statusChanges.next(status());
  };

  const answer = (error: string | null) => {
    const callers = state.activity.kind === 'stopped' ? [...aboard, ...waiting.splice(0)] : aboard;
    aboard = [];
    for (const settle of callers) settle(error === null ? { status: 'ok' } : { status: 'error', message: error });
  };

  const perform = (effect: ActorEffect): void => {
    switch (effect.kind) {
      case 'load':
        startLoad(effect.refresh, effect.manual);
        break;
      case 'cancel':
        flight?.abort.abort();
        break;
      case 'publish':
        publish(effect.manual);
        break;
      case 'failing':
        failed(effect, effect.firstFailure);
        break;
      case 'live':
        live();
        break;
      case 'answer':
        answer(effect.error);
    }
  };

  return {
    name,
    publications: publications.asObservable(),
    statusChanges: statusChanges.asObservable(),
    latest: () => snapshot,
    status,
    start() {
      if (started) return;
      started = true;
      post({ kind: 'woke', jitter: random() });
    },
    changed() {
      if (started) post({ kind: 'changed' });
    },
    feedChanged() {
      if (started) post({ kind: 'feed-changed' });
    },
    refresh: () =>
      new Promise((resolve) => {
        if (started && !stopped) post({ kind: 'requested' }, resolve);
        else resolve({ status: 'error', message: 'the feature is not running' });
      }),
    async stop() {
      stopped = true;
      post({ kind: 'stop' });
      publications.complete();
      statusChanges.complete();
      // A stop in the midst of a publication is carried out when that is over.
      await Promise.resolve();
      const patience = Promise.withResolvers<void>();
      const cancelPatience = clock.schedule(STOP_PATIENCE_MS, patience.resolve);
      await Promise.race([flight?.ended, patience.promise]);
      cancelPatience();
    },
  };
}
