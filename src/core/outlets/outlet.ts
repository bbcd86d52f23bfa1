import type { Instant } from '../figures/calendar.ts';
import type { Title } from '../figures/catalogue.ts';
import type { Notification } from '../notifications/notification.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RequestBudget } from './request-budget.ts';

/**
 * A place outside the server that is kept up to date: a spreadsheet, a database of figures, a folder, a webhook.
 *
 * An outlet only knows its transport. When it runs, how often it is tried again and what is remembered across restarts is
 * the business of `outlet-actor.ts`.
 */
export interface Outlet {
  /** Lower-case English without spaces, unique: `rows`. Its memory is stored under it. */
  readonly name: string;
  readonly title: Title;
  /**
   * Identifies the place and the layout of what is sent: `spreadsheet 1AbC, layout 2`. When it is another one than before, the
   * outlet's memory is emptied, and everything is sent again.
   */
  readonly target: string;
  /** What wakes it: new contents of features, or new notifications. */
  readonly watches: 'snapshots' | 'notifications';
  readonly budget: RequestBudget;
  /** A pass that takes longer has failed, ms. */
  readonly passWithinMs: number;
  /** The earliest start of the next automatic pass after one that ended at `now`. */
  nextPass(now: Instant): Instant;
  /**
   * Brings the target up to date, and resolves once the target holds what it should. Sends only what differs from what its
   * memory says was sent, and remembers each piece as soon as the target has it: a pass that fails halfway is continued by
   * the next one, with newer snapshots.
   *
   * Forgets a piece before it sends it: if the answer is lost, or the process is killed, only the target knows what it holds,
   * and the next content may be the one that was remembered.
   *
   * @throws RefusedError if another attempt cannot succeed until a person changes something
   * @throws RetryLaterError, or any other error, if another attempt may succeed
   */
  deliver(pass: Pass): Promise<void>;
  /** Checks key and target for the doctor, from outside the running server. An error it throws is reported. */
  check?(options: CheckOptions): Promise<readonly OutletFinding[]>;
}

/** One attempt to bring a target up to date. */
export interface Pass {
  /** The newest snapshot of each feature that has one. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /**
   * The oldest `limit` notifications with an id above `since`, oldest first. Those from before the outlet's very first start
   * are left out: a new webhook does not get the past.
   */
  notificationsAfter(since: number, limit: number): readonly Notification[];
  /** The instant of its start. */
  readonly now: Instant;
  /** Someone waits for it: what was sent is read back and compared. */
  readonly isRequested: boolean;
  /** The features that they wait for; none in an automatic pass. */
  readonly requestedFeatures: ReadonlySet<string>;
  readonly fetch: OutletFetch;
  readonly memory: OutletMemory;
  /** Aborted past `passWithinMs` and on stop. */
  readonly signal: AbortSignal;
}

/**
 * `fetch` within the outlet's budget: waits until a request may be sent, counts it, never follows a redirect, and rejects
 * when the call takes longer than its deadline or the pass is aborted. Answers of any status resolve.
 *
 * @throws BudgetSpentError if the month's requests are spent
 */
export type OutletFetch = (url: string, init?: OutletRequest) => Promise<Response>;

export interface OutletRequest extends RequestInit {
  /** Resolves with the headers of a 2xx answer, without its body. */
  readonly ignoresBody?: boolean;
}

/** What an outlet remembers across restarts, by key. In memory, and durable once `save` resolves. */
export interface OutletMemory {
  get(key: string): string | undefined;
  /** Every key and value. */
  entries(): IterableIterator<[string, string]>;
  /**
   * Saves values in one transaction; null forgets a key.
   *
   * @throws SourceError if the store does not answer; the memory then still has the new values
   */
  save(changes: Readonly<Record<string, string | null>>): Promise<void>;
}

/** One line of the doctor about an outlet. */
export interface OutletFinding {
  /** What was checked: `Rows.com`, `table Dashboard of Rows.com`. */
  readonly what: string;
  readonly verdict: 'ok' | 'warning' | 'broken';
  readonly found: string;
  /** The setting or command that fixes it; null if there is nothing to do. */
  readonly next: string | null;
}

export interface CheckOptions {
  /** May write to the target: writes a value and reads it back. */
  readonly write: boolean;
  /** Has the outlet's rate and deadline, but no memory: its requests are not in the month's count. */
  readonly fetch: OutletFetch;
}
