import { expect } from 'bun:test';
import {
  type ActorState,
  type ActorTimings,
  type Caller,
  dataOf,
  INITIAL_STATE,
  type RefreshOutcome,
} from '../../../src/core/runtime/actor-state.ts';
import { type ActorEffect, type ActorMessage, transition, wakeAt } from '../../../src/core/runtime/actor-transition.ts';
import type { ElapsedMs } from '../../../src/core/runtime/clock.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { someSnapshot } from './some-snapshot.ts';

interface RecordedCaller {
  readonly askedAt: ElapsedMs;
  readonly answers: RefreshOutcome[];
  readonly settle: Caller;
}

interface End {
  readonly at: ElapsedMs;
  readonly tookMs: number;
  readonly failed: boolean;
}

/**
 * An interpreter of the transition function that loads nothing, and an observer that knows only what a person would see
 * of an actor: loads that begin and end, answers, announcements. Whatever it sees that must not be is a failed test.
 */
export class ActorModel {
  at: ElapsedMs = 1_000;
  state: ActorState = INITIAL_STATE;
  /** Every load that was begun. */
  readonly begun: { readonly refresh: number; readonly at: ElapsedMs; readonly manual: boolean }[] = [];
  readonly callers: RecordedCaller[] = [];
  readonly #timings: ActorTimings;
  #inFlight: number | undefined;
  #queued: RecordedCaller[] = [];
  #answerable: RecordedCaller[] = [];
  #lastEnd: End | undefined;
  #failures = 0;
  /** The gravest since the last success. */
  #blame: 'silence' | 'source' | undefined;
  #succeededEver = false;
  readonly #isRestored: boolean;
  /** The feed has changed: neither a pause nor a back-off is waited out. */
  #isRestless = false;

  /** @param restored the snapshot before a restart */
  constructor(timings: ActorTimings, restored?: Snapshot) {
    this.#timings = timings;
    this.#isRestored = restored !== undefined;
    this.state = { ...INITIAL_STATE, snapshot: restored };
    this.send({ kind: 'start' });
  }

  get isStopped(): boolean {
    return this.state.activity.kind === 'stopped';
  }

  /** Lets time pass; the actor is woken when it wants to be. */
  advance(milliseconds: number, jitter: number): void {
    const end = this.at + milliseconds;
    for (let due = wakeAt(this.state, this.#timings); due !== null && due <= end; ) {
      this.at = due;
      this.send({ kind: 'woke' }, jitter);
      due = wakeAt(this.state, this.#timings);
    }
    this.at = end;
  }

  /** Lets time pass until the actor wants to be woken, and wakes it. */
  advanceToWake(jitter: number): void {
    const due = wakeAt(this.state, this.#timings);
    if (due !== null) this.advance(due - this.at, jitter);
  }

  ask(): void {
    const answers: RefreshOutcome[] = [];
    const caller = { askedAt: this.at, answers, settle: (outcome: RefreshOutcome) => void answers.push(outcome) };
    this.callers.push(caller);
    if (!this.isStopped) this.#queued.push(caller);
    this.send({ kind: 'requested', caller: caller.settle });
  }

  /** Ends the refresh in flight, if there is one. */
  end(failed: boolean, jitter: number): void {
    const refresh = this.#inFlight;
    if (refresh === undefined) return;
    this.send(
      failed
        ? { kind: 'failed', refresh, failure: { reason: 'no', blame: 'source' } }
        : { kind: 'loaded', refresh, snapshot: someSnapshot(this.at) },
      jitter,
    );
  }

  send(message: ActorMessage, jitter = 0): void {
    const before = this.state;
    const { state, effects } = transition(before, message, {
      at: this.at,
      now: this.at,
      jitter,
      timings: this.#timings,
    });
    this.state = state;
    if (before.activity.kind === 'stopped') {
      expect(effects.map(({ kind }) => kind)).toEqual(message.kind === 'requested' ? ['answer'] : []);
      for (const effect of effects) if (effect.kind === 'answer') this.#refuse(effect.callers, effect.outcome);
      expect(state).toBe(before);
      return;
    }
    this.#expectRightEnd(message, effects);
    if (message.kind === 'feed-changed') this.#expectNoWait(effects);
    for (const effect of effects) this.#observe(effect);
    this.#expectSoundState();
  }

  /** A refresh ends by its own answer, by the deadline or by a stop, and is then heard of. A late answer is not. */
  #expectRightEnd(message: ActorMessage, effects: readonly ActorEffect[]): void {
    const kinds = effects.map(({ kind }) => kind);
    const own = 'refresh' in message && message.refresh === this.#inFlight;
    if (message.kind === 'loaded') expect(kinds.includes('publish')).toBe(own);
    else expect(kinds).not.toContain('publish');
    if ('refresh' in message && !own) expect(effects).toEqual([]);
    if (own) this.#ended(message.kind === 'failed');
    const ownEnd = message.kind === 'loaded' ? 'loaded' : 'source';
    const silence = message.kind === 'woke' && kinds.includes('cancel') ? 'silence' : undefined;
    this.#expectNews(kinds.includes('status-changed'), own ? ownEnd : silence);
  }

  /** The first success, the first failure, a graver one and the next success are news; nothing else is. */
  #expectNews(isNews: boolean, end: 'loaded' | 'source' | 'silence' | undefined): void {
    if (end === undefined) {
      expect(isNews).toBe(false);
    } else if (end === 'loaded') {
      expect(isNews).toBe(this.#failures > 0 || !this.#succeededEver);
      this.#failures = 0;
      this.#blame = undefined;
    } else {
      const isGraver = this.#blame === undefined || (this.#blame === 'silence' && end === 'source');
      expect(isNews).toBe(isGraver);
      this.#failures++;
      if (isGraver) this.#blame = end;
    }
  }

  /** Unless a refresh is under way, the next begins at once. */
  #expectNoWait(effects: readonly ActorEffect[]): void {
    this.#isRestless = this.#inFlight === undefined;
    expect(effects.map(({ kind }) => kind)).toEqual(this.#isRestless ? ['load'] : []);
    expect(this.state.dirty).toBe(!this.#isRestless);
  }

  #ended(failed: boolean): void {
    const tookMs = this.at - (this.begun.at(-1)?.at ?? this.at);
    this.#inFlight = undefined;
    this.#lastEnd = { at: this.at, tookMs: failed ? (this.#lastEnd?.tookMs ?? 0) : tookMs, failed };
  }

  #observe(effect: ActorEffect): void {
    switch (effect.kind) {
      case 'load':
        this.#beginning(effect.refresh, effect.manual);
        break;
      case 'cancel':
        expect(this.#inFlight).toBeDefined();
        this.#ended(true);
        break;
      case 'publish':
        expect(effect.manual).toBe(this.begun.at(-1)?.manual ?? false);
        expect(effect.snapshot).toEqual(someSnapshot(this.at));
        this.#succeededEver = true;
        break;
      case 'status-changed':
        break;
      case 'answer':
        this.#answer(effect.callers, effect.outcome);
        break;
    }
  }

  #beginning(refresh: number, isManual: boolean): void {
    expect(this.#inFlight).toBeUndefined();
    expect(refresh).toBe((this.begun.at(-1)?.refresh ?? 0) + 1);
    const manual = this.#queued.length > 0;
    expect(isManual).toBe(manual);
    if (manual) this.#expectManualPace();
    else this.#expectPause();
    this.#inFlight = refresh;
    this.#isRestless = false;
    this.begun.push({ refresh, at: this.at, manual });
    expect(this.#answerable).toEqual([]);
    this.#answerable = this.#queued;
    this.#queued = [];
  }

  #expectManualPace(): void {
    const last = this.begun.findLast(({ manual }) => manual);
    if (last === undefined) return;
    expect(this.at - last.at).toBeGreaterThanOrEqual(
      Math.min(this.#timings.manualIntervalMs, this.#dueAnyway(last.at)),
    );
  }

  /** A refresh that is due for another reason takes the queued callers along, though their second has not passed. */
  #dueAnyway(since: ElapsedMs): number {
    return Math.max(0, this.#earliestUnasked() - since);
  }

  #expectPause(): void {
    expect(this.at).toBeGreaterThanOrEqual(this.#earliestUnasked());
  }

  /** When a refresh that nobody asked for may begin at the earliest. */
  #earliestUnasked(): ElapsedMs {
    const { backOffMs, backOffMaxMs, changeWaitFactor } = this.#timings;
    if (this.#lastEnd === undefined || this.#isRestless) return Number.NEGATIVE_INFINITY;
    const { at, tookMs, failed } = this.#lastEnd;
    if (!failed) return at + tookMs * changeWaitFactor;
    return at + Math.min(backOffMaxMs, backOffMs * 2 ** (this.#failures - 1)) / 2;
  }

  #answer(callers: readonly Caller[], outcome: RefreshOutcome): void {
    expect(outcome.status === 'ok').toBe(this.#lastEnd?.failed === false && !this.isStopped);
    const answered = this.isStopped ? [...this.#answerable, ...this.#queued.splice(0)] : this.#answerable;
    this.#answerable = [];
    expect(callers).toEqual(answered.map(({ settle }) => settle));
    for (const { askedAt, settle } of answered) {
      if (!this.isStopped) expect(askedAt).toBeLessThanOrEqual(this.begun.at(-1)?.at ?? Number.NaN);
      settle(outcome);
    }
  }

  #refuse(callers: readonly Caller[], outcome: RefreshOutcome): void {
    expect(outcome.status).toBe('error');
    for (const settle of callers) settle(outcome);
  }

  #expectSoundState(): void {
    const { state, at } = this;
    const { maxAgeMs, deadlineMs, backOffMaxMs, manualIntervalMs, changeWaitFactor } = this.#timings;
    const due = wakeAt(state, this.#timings);
    expect(due === null).toBe(state.activity.kind === 'stopped');
    expect(state.activity.kind === 'refreshing').toBe(this.#inFlight !== undefined);
    expect(state.failing?.attempts ?? 0).toBe(this.#failures);
    const expected = this.#failures > 0 ? 'stale' : 'live';
    expect(dataOf(state)).toBe(this.#succeededEver ? expected : this.#isRestored ? 'stale' : 'none');
    if (due === null) return;
    const pause = (this.#lastEnd?.tookMs ?? 0) * changeWaitFactor;
    const latest = Math.max(maxAgeMs, pause, deadlineMs, backOffMaxMs, manualIntervalMs);
    expect(due).toBeLessThanOrEqual(at + latest);
    // What is due begins at once: there is nothing that only a later message would start.
    expect(due).toBeGreaterThan(at);
    if (this.#queued.length > 0 && this.#inFlight === undefined) expect(due).toBeLessThanOrEqual(at + manualIntervalMs);
  }
}
