import type { Cancel, Clock } from '../runtime/clock.ts';
import type { OutletFetch } from './outlet.ts';
import { RetryLaterError } from './outlet-errors.ts';
import type { RequestLedger } from './request-ledger.ts';

/** A longer body of a response fails the request, bytes. */
export const LONGEST_BODY_BYTES = 5_000_000;

/** `fetch`, or what a test has in its place. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface OutletFetchOptions {
  readonly ledger: RequestLedger;
  /** A request that takes longer, its body included, has failed, ms. */
  readonly requestWithinMs: number;
  /** Aborted when the pass is. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly send?: Send;
}

/** `fetch` within the budget of an outlet. The body of a response has been read when it resolves, unless it is ignored. */
export function createOutletFetch(options: OutletFetchOptions): OutletFetch {
  const { ledger, requestWithinMs, signal, clock, send = fetch } = options;
  return async (url, { ignoresBody = false, ...init } = {}) => {
    const outer = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
    const release = await ledger.take(outer);
    const { host } = new URL(url);
    const deadline = abortWithin(requestWithinMs, clock, outer);
    try {
      return await untilAborted(
        answerOf(send, url, { ...init, redirect: 'manual', signal: deadline.signal }, ignoresBody),
        deadline.signal,
      );
    } catch (error) {
      if (error instanceof RetryLaterError) throw error;
      if (outer.aborted) throw new RetryLaterError('the pass was cancelled');
      if (deadline.signal.aborted)
        throw new RetryLaterError(`${host} did not answer within ${requestWithinMs / 1_000} s`);
      throw new RetryLaterError(`${host} cannot be reached (${codeOf(error)})`);
    } finally {
      deadline.cancel();
      release();
    }
  };
}

/** @throws RetryLaterError if the body is too long */
async function answerOf(send: Send, url: string, init: RequestInit, ignoresBody: boolean): Promise<Response> {
  const response = await send(url, init);
  const isIgnored = ignoresBody && response.ok;
  // The rest would keep the connection busy.
  if (isIgnored) response.body?.cancel().catch(() => {});
  const body = isIgnored ? null : await bodyOf(response, new URL(url).host);
  const headers = new Headers(response.headers);
  // They describe the body as it was sent, compressed.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const { status, statusText } = response;
  return new Response(body, { status, statusText, headers });
}

async function bodyOf(response: Response, host: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.byteLength;
    if (bytes > LONGEST_BODY_BYTES) throw new RetryLaterError(`${host} answered more than ${LONGEST_BODY_BYTES} bytes`);
    pieces.push(piece);
  }
  return bytes === 0 ? null : new Uint8Array(Buffer.concat(pieces));
}

function abortWithin(
  milliseconds: number,
  clock: Clock,
  outer: AbortSignal,
): { readonly signal: AbortSignal; readonly cancel: Cancel } {
  const deadline = new AbortController();
  const cancel = clock.schedule(milliseconds, () => deadline.abort());
  return { signal: AbortSignal.any([deadline.signal, outer]), cancel };
}

/** Also for a `send` that ignores its signal. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

/** Only the code: the message may repeat the address with its secrets. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'connection failed';
}
