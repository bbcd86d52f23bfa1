import { CODINGS, type Coding, codingFor, compress, VARY } from './content-coding.ts';

/**
 * A body that is served many times, with its compressed versions. Each is made on the first request for it.
 *
 * A Blob, because responses share its bytes: any other body is copied for each response.
 */
export class StoredBody {
  readonly plain: Blob;
  readonly #compressed = new Map<Coding, Blob | Promise<Blob>>();

  /** @param compressed precompressed versions */
  constructor(plain: Blob, compressed: Partial<Record<Coding, Uint8Array<ArrayBuffer>>> = {}) {
    this.plain = plain;
    for (const coding of CODINGS) {
      const form = compressed[coding];
      if (form !== undefined) this.#compressed.set(coding, new Blob([form]));
    }
  }

  /** The body in a coding, uncompressed if undefined. A promise only while it is being compressed. */
  in(coding: Coding | undefined): Blob | Promise<Blob> {
    if (coding === undefined) return this.plain;
    const known = this.#compressed.get(coding);
    if (known !== undefined) return known;
    const made = this.#compress(coding);
    this.#compressed.set(coding, made);
    return made;
  }

  async #compress(coding: Coding): Promise<Blob> {
    try {
      const blob = new Blob([await compress(await this.plain.bytes(), coding)]);
      this.#compressed.set(coding, blob);
      return blob;
    } catch (error) {
      // The next request tries again.
      this.#compressed.delete(coding);
      throw error;
    }
  }
}

/** The headers of a stored response, made once for each coding: copying `Headers` is cheaper than building them. */
export class StoredHeaders {
  /** Headers of a 304: none that describe a body (RFC 9110, section 15.4.5). */
  readonly bodiless: Headers;
  readonly #contentType: string;
  readonly #whole = new Map<Coding | undefined, Headers>();

  constructor(contentType: string, headers: Readonly<Record<string, string>>) {
    this.#contentType = contentType;
    this.bodiless = new Headers({ vary: VARY, ...headers });
  }

  /** Headers of a response whose body has this coding. */
  whole(coding: Coding | undefined): Headers {
    const known = this.#whole.get(coding);
    if (known !== undefined) return known;
    const headers = new Headers(this.bodiless);
    headers.set('content-type', this.#contentType);
    if (coding !== undefined) headers.set('content-encoding', coding);
    this.#whole.set(coding, headers);
    return headers;
  }
}

/** 304 if the client has that version (RFC 9110, section 13.1.2), else undefined. */
export function notModified(request: Request, etag: string, headers: StoredHeaders): Response | undefined {
  const known = request.headers.get('if-none-match');
  if (known === null || !matches(known, etag)) return undefined;
  return new Response(null, { status: 304, headers: headers.bodiless });
}

/**
 * Answers a request with a stored body in the coding that the client prefers, or with 304 if the client has that version.
 * Returns a promise only if the body must be compressed first.
 *
 * @param etag weak, because it is the same for every coding (section 8.8.1)
 */
export function storedResponse(
  request: Request,
  body: StoredBody,
  etag: string,
  headers: StoredHeaders,
): Response | Promise<Response> {
  const unchanged = notModified(request, etag, headers);
  if (unchanged !== undefined) return unchanged;
  const coding = codingFor(request.headers.get('accept-encoding'), body.plain.size);
  const blob = body.in(coding);
  const respond = (found: Blob) => new Response(found, { headers: headers.whole(coding) });
  return blob instanceof Promise ? blob.then(respond) : respond(blob);
}

/** Weak comparison (section 8.8.3.2): ignores `W/`. */
function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.slice(2);
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === opaque);
}
