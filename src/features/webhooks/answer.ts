import { RefusedError, RetryLaterError, retryAfterMs } from '../../core/outlets/outlet-errors.ts';

/** The receiver has the message, or refuses this one; it may accept others. */
export type Answer = { readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly reason: string };

/** Refusals of one message (RFC 9110, sections 15.5.1, 15.5.14 and 15.5.21), not of the sender. */
const OF_ONE_MESSAGE = new Set([400, 413, 422]);

/**
 * What an answer means: Standard Webhooks 1.0.0, "Delivery success and failure", and for Slack "Improving error conditions
 * for Incoming Webhooks". While a receiver is deployed it may answer 404, or 401 with its old secret.
 *
 * @throws RefusedError if the receiver is gone, or redirects
 * @throws RetryLaterError if it may accept this one later
 */
export async function answerOf(response: Response, host: string, now: number): Promise<Answer> {
  const { status, headers } = response;
  if (response.ok) return { kind: 'accepted' };
  const reason = `${status}${await errorCode(response)}`;
  if (OF_ONE_MESSAGE.has(status)) return { kind: 'refused', reason };
  if (status === 410) {
    throw new RefusedError(`${host} is gone (${reason}); take it off NOTIFY_WEBHOOKS, or restart to try it again`);
  }
  if (status >= 300 && status < 400) {
    throw new RefusedError(`${host} redirects (${reason}), which is not followed; write the final address`);
  }
  const message = `${host} answers ${reason}${ADVICE.get(status) ?? ''}`;
  throw new RetryLaterError(message, retryAfterMs(headers.get('retry-after'), now));
}

const ADVICE: ReadonlyMap<number, string> = new Map(
  [401, 403, 404].map((status) => [status, '; check its address in NOTIFY_WEBHOOKS, and its secret']),
);

/** A code such as Slack's `invalid_payload`. Nothing else of an answer is shown: many repeat the path, which is secret. */
async function errorCode(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  return /^[a-z]+(?:_[a-z]+)*$/.test(text) && text.length <= 40 ? `, ${text}` : '';
}
