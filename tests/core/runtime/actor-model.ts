import { expect } from 'bun:test';
import {
  type ActorEffect,
  type ActorMessage,
  type ActorState,
  type ActorTimings,
  INITIAL_STATE,
  type Moment,
  transition,
  wakeAt,
} from '../../../src/core/runtime/actor-state.ts';

interface Caller {
  readonly askedAt: Moment;
  readonly answers: (string | null)[];
}

interface End {
  readonly at: Moment;
  readonly tookMs: number;
  readonly failed: boolean;
}

/**
 * An interpreter of the transition function that loads nothing, and an observer that knows only what a person would see
 * of an actor: loads that begin and end, answers, announcements. Whatever it sees that must not be is a failed test.
 */
export class ActorModel {
  at: Moment = 1_000;
  state: ActorState = INITIAL_STATE;
  /** Every load that was begun. */
  readonly begun: { readonly refresh: number; readonly at: Moment; readonly manual: boolean }[] = [];
  readonly callers: Caller[] = [];
  readonly #timings: ActorTimings;
  #inFlight: number | undefined;
  #waiting: Caller[] = [];
  #aboard: Caller[] = [];
  #lastEnd: End | undefined;
  #failures = 0;
  /** A publication after a failure, or the first, is followed by word that there is live data. */
  #liveIsDue = false;
  #succeededEver = false;
  /** The feed has changed: neither a pause nor a back-off is waited out. */
  #isRestless = false;

  constructor(timings: ActorTimings) {
    this.#timings = timings;
    this.send({ kind: 'woke', jitter: 0 });
  }

  get isStopped(): boolean {
    return this.state.activity.kind === 'stopped';
  }

  /** Lets time pass; the actor is woken when it wants to be. */
  advance(milliseconds: number, jitter: number): void {
    const end = this.at + milliseconds;
    for (let due = wakeAt(this.state, this.#timings); due !== null && due <= end; ) {
      this.at = due;
      this.send({ kind: 'woke', jitter });
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
    const caller: Caller = { askedAt: this.at, answers: [] };
    this.callers.push(caller);
    if (this.isStopped) caller.answers.push('not running');
    else this.#waiting.push(caller);
    this.send({ kind: 'requested' });
  }

  /** Ends the refresh in flight, if there is one. */
  end(failed: boolean, jitter: number): void {
    const refresh = this.#inFlight;
    if (refresh === undefined) return;
    this.send(
      failed ? { kind: 'failed', refresh, reason: 'no', blame: 'source', jitter } : { kind: 'loaded', refresh },
    );
  }

  send(message: ActorMessage): void {
    const before = this.state;
    const { state, effects } = transition(before, message, this.at, this.#timings);
    this.state = state;
    if (before.activity.kind === 'stopped') {
      expect(effects).toEqual([]);
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
    if (message.kind === 'failed') expect(kinds.includes('failing')).toBe(own);
    if ('refresh' in message && !own) expect(effects).toEqual([]);
    if (own) this.#ended(message.kind === 'failed');
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
        expect(effect.refresh).toBe(this.#inFlight ?? Number.NaN);
        this.#ended(true);
        break;
      case 'publish':
        this.#liveIsDue = this.#failures > 0 || !this.#succeededEver;
        expect(effect.manual).toBe(this.begun.at(-1)?.manual ?? false);
        this.#succeededEver = true;
        break;
      case 'failing':
        expect(effect.firstFailure).toBe(this.#failures === 0);
        this.#failures++;
        break;
      case 'live':
        expect(this.#liveIsDue).toBe(true);
        this.#liveIsDue = false;
        this.#failures = 0;
        break;
      case 'answer':
        this.#answer(effect.error);
        break;
    }
  }

  #beginning(refresh: number, isManual: boolean): void {
    expect(this.#inFlight).toBeUndefined();
    expect(refresh).toBe((this.begun.at(-1)?.refresh ?? 0) + 1);
    const manual = this.#waiting.length > 0;
    expect(isManual).toBe(manual);
    if (manual) this.#expectManualPace();
    else this.#expectPause();
    this.#inFlight = refresh;
    this.#isRestless = false;
    this.begun.push({ refresh, at: this.at, manual });
    expect(this.#aboard).toEqual([]);
    this.#aboard = this.#waiting;
    this.#waiting = [];
  }

  #expectManualPace(): void {
    const last = this.begun.findLast(({ manual }) => manual);
    if (last === undefined) return;
    expect(this.at - last.at).toBeGreaterThanOrEqual(
      Math.min(this.#timings.manualIntervalMs, this.#dueAnyway(last.at)),
    );
  }

  /** A refresh that is due for another reason takes those who wait aboard, though their second has not passed. */
  #dueAnyway(since: Moment): number {
    return Math.max(0, this.#earliestUnasked() - since);
  }

  #expectPause(): void {
    expect(this.at).toBeGreaterThanOrEqual(this.#earliestUnasked());
  }

  /** When a refresh that nobody asked for may begin at the earliest. */
  #earliestUnasked(): Moment {
    const { backOffMs, backOffMaxMs, changeWaitFactor } = this.#timings;
    if (this.#lastEnd === undefined || this.#isRestless) return Number.NEGATIVE_INFINITY;
    const { at, tookMs, failed } = this.#lastEnd;
    if (!failed) return at + tookMs * changeWaitFactor;
    return at + Math.min(backOffMaxMs, backOffMs * 2 ** (this.#failures - 1)) / 2;
  }

  #answer(error: string | null): void {
    expect(error === null).toBe(this.#lastEnd?.failed === false && !this.isStopped);
    const answered = this.isStopped ? [...this.#aboard, ...this.#waiting.splice(0)] : this.#aboard;
    this.#aboard = [];
    for (const { askedAt, answers } of answered) {
      if (!this.isStopped) expect(askedAt).toBeLessThanOrEqual(this.begun.at(-1)?.at ?? Number.NaN);
      answers.push(error);
    }
  }

  #expectSoundState(): void {
    const { state, at } = this;
    const { maxAgeMs, deadlineMs, backOffMaxMs, manualIntervalMs, changeWaitFactor } = this.#timings;
    const due = wakeAt(state, this.#timings);
    expect(due === null).toBe(state.activity.kind === 'stopped');
    expect(state.activity.kind === 'refreshing').toBe(this.#inFlight !== undefined);
    expect(state.failures).toBe(this.#failures);
    const expected = this.#failures > 0 ? 'stale' : 'live';
    expect(state.data).toBe(this.#succeededEver ? expected : 'none');
    if (due === null) return;
    const pause = (this.#lastEnd?.tookMs ?? 0) * changeWaitFactor;
    const latest = Math.max(maxAgeMs, pause, deadlineMs, backOffMaxMs, manualIntervalMs);
    expect(due).toBeLessThanOrEqual(at + latest);
    // What is due begins at once: there is nothing that only a later message would start.
    expect(due).toBeGreaterThan(at);
    if (this.#waiting.length > 0 && this.#inFlight === undefined)
      expect(due).toBeLessThanOrEqual(at + manualIntervalMs);
  }
}
