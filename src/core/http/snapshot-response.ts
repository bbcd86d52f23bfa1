import type { Instant } from '../figures/calendar.ts';
import { isoInstant } from '../figures/calendar.ts';
import { hashText } from '../runtime/encode-content.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import { StoredBody, StoredHeaders, storedResponse } from './stored-response.ts';

/** A part of a snapshot, encoded once and served many times. */
interface EncodedPart {
  readonly body: StoredBody;
  readonly etag: string;
  /** Headers of the last response, which are the same for a whole second. */
  headers: { readonly age: number; readonly stored: StoredHeaders } | undefined;
}

/**
 * Bodies by snapshot and part, released with the snapshot.
 *
 * Every refresh and every change of status makes a new snapshot object, so entries never go stale.
 */
const encodedParts = new WeakMap<Snapshot, Map<string, EncodedPart>>();

/**
 * Answers a request with a part of a snapshot, from memory: with a weak `ETag` (RFC 9110, section 8.8.3), 304 if the client
 * has that version (section 13.1.2), and `Age` in seconds since the snapshot's "now".
 *
 * The tag is a hash of the part's text, the status, unavailable figures and problems: a restart does not change it.
 *
 * @param part names the part within the snapshot
 * @param encode returns the part's JSON text; called once per snapshot
 */
export function snapshotResponse(
  snapshot: Snapshot,
  part: string,
  encode: () => string,
  request: Request,
  now: Instant,
): Response | Promise<Response> {
  const encoded = encodedPart(snapshot, part, encode);
  const headers = headersOf(encoded, Math.max(0, Math.floor((now - snapshot.generatedAt) / 1000)));
  return storedResponse(request, encoded.body, encoded.etag, headers);
}

function headersOf(encoded: EncodedPart, age: number): StoredHeaders {
  if (encoded.headers?.age === age) return encoded.headers.stored;
  const stored = new StoredHeaders('application/json; charset=utf-8', {
    'cache-control': 'no-cache',
    etag: encoded.etag,
    age: String(age),
  });
  encoded.headers = { age, stored };
  return stored;
}

function encodedPart(snapshot: Snapshot, part: string, encode: () => string): EncodedPart {
  const parts = encodedParts.get(snapshot) ?? new Map<string, EncodedPart>();
  encodedParts.set(snapshot, parts);
  const cached = parts.get(part);
  if (cached !== undefined) return cached;
  const text = encode();
  const tag =
    part === WHOLE ? snapshot.encoded.hash : hashText(snapshot.encoded.unavailable + snapshot.encoded.problems + text);
  const etag = `W/"${tag}-${snapshot.freshness.status}"`;
  const encoded: EncodedPart = { body: new StoredBody(new Blob([text])), etag, headers: undefined };
  parts.set(part, encoded);
  return encoded;
}

/** Name of the part that is the whole snapshot with its envelope. */
export const WHOLE = '';

/** `{ feature, seq, generatedAt, status, staleSince?, staleReason?, unavailable, problems, data }`, assembled from encoded texts. */
export function encodeEnvelope({ feature, seq, generatedAt, freshness, encoded }: Snapshot): string {
  const head = JSON.stringify({
    feature,
    seq,
    generatedAt: isoInstant(generatedAt),
    status: freshness.status,
    ...(freshness.status === 'stale'
      ? { staleSince: isoInstant(freshness.since), staleReason: freshness.reason }
      : undefined),
  });
  return `${head.slice(0, -1)},"unavailable":${encoded.unavailable},"problems":${encoded.problems},"data":${encoded.data}}`;
}
