import { DAY_MS } from '../figures/calendar.ts';

/** Another attempt cannot succeed until a person changes something. The message says what, for an administrator. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Another attempt may succeed. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';

  /** @param afterMs how long the target asked to wait; null if it did not */
  constructor(
    message: string,
    readonly afterMs: number | null = null,
  ) {
    super(message);
  }
}

/** The requests of this month are spent. */
export class BudgetSpentError extends RetryLaterError {}

/** What a target answered, in its own words if it has any. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** For people: `Rows.com refused to write Dashboard!A1:E40 (403 forbidden: …)`. */
  readonly message: string;
}

/** The only answers of 4xx that another attempt may change (RFC 9110, section 15.5). */
const MAY_PASS = new Set([408, 409, 421, 423, 425, 429]);

/**
 * The error that an answer outside 2xx stands for: refused for most of 4xx and for redirects, otherwise to be tried later.
 *
 * @param now for a `Retry-After` with a date (RFC 9110, section 10.2.3)
 */
export function errorOfAnswer({ status, headers, message }: FailedAnswer, now: number): RefusedError | RetryLaterError {
  if (status < 500 && !MAY_PASS.has(status)) return new RefusedError(message);
  return new RetryLaterError(message, retryAfterMs(headers.get('retry-after'), now));
}

/** A target that asks for more is asked once a day: a wrong header must not silence an outlet for good. */
const LONGEST_WAIT_MS = DAY_MS;

/** Milliseconds until the instant that `Retry-After` names, at most a day; null if there is none or it is invalid. */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null;
  const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(value);
  const wait = isSeconds ? Math.ceil(Number(value) * 1_000) : Date.parse(value) - now;
  return Number.isNaN(wait) ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, wait));
}
