import { merge, type Observable, Subject, type Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import type { Cancel } from '../runtime/clock.ts';
import { createMailbox } from '../runtime/mailbox.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import type { Outlet } from './outlet.ts';
import { createOutletJobs, type OutletJob, type OutletJobs } from './outlet-jobs.ts';
import { openOutletMemory } from './outlet-memory.ts';
import type { OutletOptions } from './outlet-options.ts';
import { createOutletPass, type OutletPass } from './outlet-pass.ts';
import { type OutletRecord, openOutletRecord } from './outlet-record.ts';
import { INITIAL_OUTLET, type OutletState, type OutletTimings } from './outlet-state.ts';
import type { OutletStatus } from './outlet-status.ts';
import {
  nextPassAt,
  type OutletEffect,
  type OutletMessage,
  outletTransition,
  outletWakeAt,
} from './outlet-transition.ts';
import { createRequestLedger, type RequestLedger } from './request-ledger.ts';

export interface OutletActor {
  readonly outlet: Outlet;
  /** The status when a pass starts or ends, or the first change waits for one. Hot; completes on stop; never errors. */
  readonly statusChanges: Observable<OutletStatus>;
  status(): OutletStatus;
  /** Follows the features. The first pass waits until each has been refreshed or fails, or a minute is over. */
  start(): void;
  /**
   * Brings the target up to date now, without pause or back-off, and reads it back. Requests during a pass are served by one
   * next pass.
   *
   * @param features the features that somebody waits for; null for all
   */
  sync(features: readonly string[] | null): OutletJob;
  job(id: string): OutletJob | undefined;
  /** Cancels the pass in flight, and waits up to a second for it. */
  stop(): Promise<void>;
}

const FIRST_PASS_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 1_000;
const JOB_WITHIN_MS = 600_000;
const BACK_OFF = { backOffMs: 5_000, backOffMaxMs: 900_000 };
/** A timer cannot be set for more than 24 days. Waking early does nothing. */
const LONGEST_TIMER_MS = 3_600_000;

/**
 * Passes messages to `outletTransition` and performs its effects. Whatever a target does, hubs and other outlets are not
 * delayed: an outlet only hears that something changed, and a pass reads the newest snapshots when it starts.
 */
export function runOutlet(options: OutletOptions): OutletActor {
  return new RunningOutlet(options);
}

class RunningOutlet implements OutletActor {
  readonly outlet: Outlet;
  readonly #options: OutletOptions;
  readonly #timings: OutletTimings;
  readonly #jobs: OutletJobs;
  readonly #ledger: RequestLedger;
  readonly #record: OutletRecord;
  readonly #pass: OutletPass;
  readonly #statusChanges = new Subject<OutletStatus>();
  readonly #post: (message: OutletMessage) => void;
  #state: OutletState;
  #cancelWake: Cancel = () => {};
  #cancelStart: Cancel = () => {};
  #changes: Subscription | undefined;

  constructor(options: OutletOptions) {
    const { outlet, store, clock, calendar, journal, onError } = options;
    this.#options = options;
    this.outlet = outlet;
    this.#timings = { ...BACK_OFF, passWithinMs: outlet.passWithinMs, jobWithinMs: JOB_WITHIN_MS };
    // Names of outlets have no spaces, so the two cannot collide with another outlet's.
    const memory = openOutletMemory(store, `${outlet.name} runtime`);
    const own = openOutletMemory(store, outlet.name);
    this.#record = openOutletRecord(memory, own, { target: outlet.target, lastId: journal.lastId }, onError);
    this.#jobs = createOutletJobs(outlet.name, memory, clock, onError);
    this.#ledger = createRequestLedger({ budget: outlet.budget, memory, clock, calendar });
    this.#post = createMailbox(
      (message) => this.#handle(message),
      () => this.#scheduleWake(),
    );
    const { record, ledger } = { record: this.#record, ledger: this.#ledger };
    this.#pass = createOutletPass({ ...options, memory: own, record, ledger, post: this.#post });
    this.#state = { ...INITIAL_OUTLET, lastSuccess: this.#record.lastSuccess };
  }

  get statusChanges(): Observable<OutletStatus> {
    return this.#statusChanges.asObservable();
  }

  status(): OutletStatus {
    const { activity, waiting, failing, lastSuccess } = this.#state;
    const { name, title, budget } = this.outlet;
    const due = nextPassAt(this.#state);
    const { clock } = this.#options;
    return {
      outlet: name,
      title,
      activity: activity.kind === 'idle' && due !== null ? 'waiting' : activity.kind,
      lastSuccess,
      waiting,
      failing,
      nextPass: due === null ? null : Math.round(clock.now() + Math.max(0, due - clock.elapsed())),
      requestsThisHour: this.#ledger.thisHour,
      requestsThisMonth: this.#ledger.thisMonth,
      monthlyRequests: budget.perMonth,
    };
  }

  start(): void {
    const { running, journal, clock } = this.#options;
    if (this.#changes !== undefined) return;
    for (const { id } of this.#jobs.unfinished()) this.#post({ kind: 'requested', job: id });
    const changes: Observable<unknown> =
      this.outlet.watches === 'notifications'
        ? journal.published
        : merge(...running.flatMap(({ actor }) => [actor.publications, actor.statusChanges]));
    this.#changes = changes.subscribe(() => this.#observe());
    this.#cancelStart = clock.schedule(FIRST_PASS_WITHIN_MS, () => this.#begin());
    this.#observe();
  }

  sync(features: readonly string[] | null): OutletJob {
    const { job, isNew } = this.#jobs.add(features);
    if (isNew) this.#post({ kind: 'requested', job: job.id });
    return this.#jobs.get(job.id) ?? job;
  }

  job(id: string): OutletJob | undefined {
    return this.#jobs.get(id);
  }

  async stop(): Promise<void> {
    this.#changes?.unsubscribe();
    this.#cancelStart();
    this.#post({ kind: 'stop' });
    this.#statusChanges.complete();
    await settledWithin(this.#pass.settled(), STOP_WITHIN_MS, this.#options.clock);
  }

  #observe(): void {
    if (!this.#state.isStarted && this.#isReady()) this.#begin();
    else this.#post({ kind: 'observed', waiting: this.#pass.waiting() });
  }

  /** Otherwise the first pass would have the fastest feature only, and the next one starts after the whole pause. */
  #isReady(): boolean {
    if (this.outlet.watches === 'notifications') return true;
    const statuses = this.#options.running.map(({ actor }) => actor.status());
    // A snapshot from before a restart is stale though nothing fails yet, and may be older than what was sent.
    return statuses.every(({ data, failing }) => data === 'live' || failing !== null);
  }

  #begin(): void {
    this.#cancelStart();
    const { lastPass } = this.#record;
    const sinceMs = lastPass === undefined ? 0 : Math.max(0, this.#options.clock.now() - lastPass.endedAt);
    const endedAt = this.#options.clock.now() - sinceMs;
    const pauseMs = lastPass?.isComplete ? this.#pass.pauseMs(endedAt) : 0;
    this.#post({
      kind: 'start',
      automaticInMs: Math.max(pauseMs, this.#ledger.pacingMs(lastPass?.requests ?? 0)),
      targetInMs: Math.max(0, (lastPass?.targetWaitMs ?? 0) - sinceMs),
    });
    this.#post({ kind: 'observed', waiting: this.#pass.waiting() });
  }

  #handle(message: OutletMessage): void {
    const { clock, random } = this.#options;
    const now: Instant = clock.now();
    const context = {
      at: clock.elapsed(),
      now,
      jitter: random(),
      timings: this.#timings,
      pacingMs: this.#ledger.pacingMs(this.#pass.requests()),
    };
    const { state, effects } = outletTransition(this.#state, message, context);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: OutletEffect): void {
    switch (effect.kind) {
      case 'deliver':
        this.#pass.begin(effect.pass, this.#requestedFeatures());
        break;
      case 'cancel':
        this.#pass.cancel();
        break;
      case 'jobs-started':
        this.#jobs.start(effect.jobs);
        break;
      case 'jobs-ended':
        for (const id of effect.jobs) this.#jobs.end(id, effect.failure ?? this.#whatWasMissing(id));
        break;
      case 'status-changed':
        this.#statusChanges.next(this.status());
    }
  }

  /** The features of the jobs in flight. */
  #requestedFeatures(): ReadonlySet<string> {
    const { activity } = this.#state;
    const jobs = activity.kind === 'delivering' ? activity.jobs : [];
    return new Set(jobs.flatMap(({ id }) => this.#featuresOf(id)));
  }

  #featuresOf(job: string): readonly string[] {
    return this.#jobs.get(job)?.features ?? this.#options.running.map(({ feature }) => feature.name);
  }

  /** A pass leaves features without a snapshot as they are, which is not what a person asked for. */
  #whatWasMissing(job: string): string | null {
    if (this.outlet.watches === 'notifications') return null;
    const missing = this.#featuresOf(job).filter((name) => !this.#pass.features().has(name));
    return missing.length === 0 ? null : `there is no snapshot yet of ${missing.join(', ')}`;
  }

  #scheduleWake(): void {
    this.#cancelWake();
    const { clock } = this.#options;
    const wake = outletWakeAt(this.#state, this.#timings);
    if (wake === null) return;
    const delay = Math.min(LONGEST_TIMER_MS, Math.max(0, wake - clock.elapsed()));
    this.#cancelWake = clock.schedule(delay, () => this.#post({ kind: 'woke' }));
  }
}
