import { type Coding, codingFor, compress, VARY } from './content-coding.ts';

/**
 * A body that is served many times, and its compressed forms: each is made once, when the first client asks for it.
 *
 * Every response shares the bytes of a Blob; it would have a copy of its own of any other body.
 */
export class StoredBody {
  readonly plain: Blob;
  readonly #compressed = new Map<Coding, Blob | Promise<Blob>>();

  constructor(plain: Blob) {
    this.plain = plain;
  }

  /** The body in a coding, at once where it was made before; as it is where the coding is undefined. */
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
      // The next client tries again.
      this.#compressed.delete(coding);
      throw error;
    }
  }
}

/** The headers of a stored answer, made once: they are cheap to copy, and most requests want the same ones. */
export class StoredHeaders {
  /** Of a 304: it says nothing of a body that it does not have (RFC 9110, section 15.4.5), which some clients would look for. */
  readonly bodiless: Headers;
  readonly #contentType: string;
  readonly #whole = new Map<Coding | undefined, Headers>();

  constructor(contentType: string, headers: Readonly<Record<string, string>>) {
    this.#contentType = contentType;
    this.bodiless = new Headers({ vary: VARY, ...headers });
  }

  /** Of an answer whose body is in this coding. */
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

/**
 * Answers a request with a stored body: in the coding that the client prefers, or with 304 where the client has it already
 * (RFC 9110, section 13.1.2). At once, unless the body has to be compressed first.
 *
 * @param etag weak, so that it is the same in each coding (section 8.8.1)
 */
export function storedResponse(
  request: Request,
  body: StoredBody,
  etag: string,
  headers: StoredHeaders,
): Response | Promise<Response> {
  const known = request.headers.get('if-none-match');
  if (known !== null && matches(known, etag)) return new Response(null, { status: 304, headers: headers.bodiless });
  const coding = codingFor(request.headers.get('accept-encoding'), body.plain.size);
  const blob = body.in(coding);
  const respond = (found: Blob) => new Response(found, { headers: headers.whole(coding) });
  return blob instanceof Promise ? blob.then(respond) : respond(blob);
}

/** Weak comparison (section 8.8.3.2): the `W/` does not count. */
function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.slice(2);
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === opaque);
}
