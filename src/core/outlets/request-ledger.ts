import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { DAY_MS, HOUR_MS, type Instant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import type { Clock, ElapsedMs } from '../runtime/clock.ts';
import { parseJson } from '../runtime/json.ts';
import { createSerialQueue } from '../runtime/serial-queue.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import type { OutletMemory } from './outlet.ts';
import { BudgetSpentError, RetryLaterError } from './outlet-errors.ts';
import type { RequestBudget } from './request-budget.ts';

const KEY = 'requests';

const Kept = Type.Object({
  /** `YYYY-MM` */
  month: Type.String(),
  count: Type.Integer({ minimum: 0 }),
  /** The instant of the month's first request. */
  from: Type.Number(),
  /** Instants of the requests that may still count for the rate. */
  recent: Type.Array(Type.Number()),
});

/** This part of a month's requests may be sent at any time. The others are spread over the month. */
const AT_ANY_TIME = 0.2;
const LONGEST_MONTH_MS = 31 * DAY_MS;

/** A request waits this long at most until its count is stored, ms: a broken store must not stop an outlet. */
const KEEP_WITHIN_MS = 1_000;

/** Counts the requests of an outlet, and holds them to its budget. */
export interface RequestLedger {
  /**
   * Waits until a request may be sent, and counts it. Its place in the rate is taken until `withinMs` after the returned
   * function is called: only then the target surely counts it as old.
   *
   * @throws BudgetSpentError if the requests of the month are spent
   * @throws RetryLaterError if the signal is aborted first
   */
  take(signal: AbortSignal): Promise<() => void>;
  /** Requests since the start of the process. */
  readonly taken: number;
  readonly thisHour: number;
  readonly thisMonth: number;
  /**
   * How long to wait before an automatic pass of so many requests, so that the month's last to its end, ms: a fifth of them
   * may be sent at any time, and the others come due evenly from the first request of the month to its end.
   */
  pacingMs(requests: number): number;
}

export interface RequestLedgerOptions {
  readonly budget: RequestBudget;
  readonly memory: OutletMemory;
  readonly clock: Clock;
  readonly calendar: Calendar;
}

export function createRequestLedger(options: RequestLedgerOptions): RequestLedger {
  return new Ledger(options);
}

interface Slot {
  /** When the request ended; infinite while it is in flight. */
  endedAt: ElapsedMs;
  readonly sent: Instant;
}

class Ledger implements RequestLedger {
  readonly #options: RequestLedgerOptions;
  readonly #queue = createSerialQueue();
  #slots: Slot[];
  #hour: ElapsedMs[] = [];
  #month: { name: string; count: number; from: Instant };
  #onEnded = () => {};
  taken = 0;

  constructor(options: RequestLedgerOptions) {
    const { memory, clock } = options;
    this.#options = options;
    const kept = parseJson(memory.get(KEY) ?? '');
    const { month, count, from, recent } = Value.Check(Kept, kept)
      ? kept
      : { month: '', count: 0, from: 0, recent: [] };
    this.#month = { name: month, count, from };
    const age = (sent: Instant) => Math.max(0, clock.now() - sent);
    this.#slots = recent.map((sent) => ({ sent, endedAt: clock.elapsed() - age(sent) }));
  }

  get thisHour(): number {
    const from = this.#options.clock.elapsed() - HOUR_MS;
    this.#hour = this.#hour.filter((at) => at > from);
    return this.#hour.length;
  }

  get thisMonth(): number {
    const { calendar, clock } = this.#options;
    const now = clock.now();
    const name = calendar.monthOf(now);
    // A clock that is set back must not give the requests of a month again, nor hold them for years if it was far ahead.
    if (name > this.#month.name) this.#month = { name, count: 0, from: now };
    else if (this.#month.name > calendar.monthOf(now + 2 * LONGEST_MONTH_MS))
      this.#month = { ...this.#month, name, from: now };
    return this.#month.count;
  }

  pacingMs(requests: number): number {
    const { budget, clock } = this.#options;
    if (budget.perMonth === null || requests === 0) return 0;
    const spent = Math.min(budget.perMonth, this.thisMonth + requests);
    const free = budget.perMonth * AT_ANY_TIME;
    const now = clock.now();
    const endsInMs = this.#monthEndsInMs();
    const from = Math.min(now, this.#month.from);
    const dueAt = from + ((spent - free) / (budget.perMonth - free)) * (now + endsInMs - from);
    return Math.min(endsInMs, Math.max(0, Math.ceil(dueAt - now)));
  }

  take(signal: AbortSignal): Promise<() => void> {
    return this.#queue(() => this.#take(signal));
  }

  async #take(signal: AbortSignal): Promise<() => void> {
    this.#refuseIfSpent();
    for (let wait = this.#waitMs(); wait > 0; wait = this.#waitMs()) await this.#pause(wait, signal);
    throwIfGivenUp(signal);
    this.#refuseIfSpent();
    const { clock } = this.#options;
    const slot: Slot = { endedAt: Number.POSITIVE_INFINITY, sent: clock.now() };
    this.#slots.push(slot);
    this.#hour.push(clock.elapsed());
    const count = this.thisMonth + 1;
    this.#month = { ...this.#month, count };
    this.taken++;
    await settledWithin(this.#keep(), KEEP_WITHIN_MS, clock);
    return () => {
      slot.endedAt = clock.elapsed();
      this.#onEnded();
    };
  }

  #refuseIfSpent(): void {
    const { perMonth } = this.#options.budget;
    if (perMonth === null || this.thisMonth < perMonth) return;
    throw new BudgetSpentError(
      `the ${perMonth} requests of ${this.#month.name} are spent`,
      Math.max(1, this.#monthEndsInMs()),
    );
  }

  /** Until the next request may be sent, ms; infinite while that depends on one in flight. */
  #waitMs(): number {
    const { requests, withinMs } = this.#options.budget.rate;
    const now = this.#options.clock.elapsed();
    this.#slots = this.#slots.filter(({ endedAt }) => endedAt + withinMs > now);
    if (this.#slots.length < requests) return 0;
    const ends = this.#slots.map(({ endedAt }) => endedAt + withinMs).sort((one, other) => one - other);
    return (ends[this.#slots.length - requests] ?? now) - now;
  }

  /** Ends early when a request ends. */
  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    throwIfGivenUp(signal);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = Number.isFinite(milliseconds) ? this.#options.clock.schedule(milliseconds, resolve) : () => {};
    this.#onEnded = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    return promise.then(() => {
      cancel();
      throwIfGivenUp(signal);
    });
  }

  #monthEndsInMs(): number {
    const { calendar, clock } = this.#options;
    const now = clock.now();
    return (calendar.lastMonths(now, 1).at(-1)?.before ?? now) - now;
  }

  #keep(): Promise<void> {
    const { memory } = this.#options;
    const { name, count, from } = this.#month;
    const kept = { month: name, count, from, recent: this.#slots.map(({ sent }) => sent) };
    return memory.save({ [KEY]: JSON.stringify(kept) });
  }
}

function throwIfGivenUp(signal: AbortSignal): void {
  if (signal.aborted) throw new RetryLaterError('the pass was cancelled');
}
