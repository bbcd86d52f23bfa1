import { NO_HOST } from '../access/hosts.ts';

/**
 * A URL that is normal already: a host that parses, and a path without percent-encoding. A regular expression, since it
 * is faster than parsing and runs for every request.
 */
const ORDINARY =
  /^https?:\/\/(?:[a-z]+(?:\.[a-z]+)*|(?:1\d\d|[1-9]?\d)(?:\.(?:1\d\d|[1-9]?\d)){3})(?::(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}))?\/[^%#]*$/i;

/** Percent-encoded ASCII. Of it, unreserved characters need no encoding (RFC 3986, section 2.3). */
const ENCODED_ASCII = /%[2-7][\da-f]/gi;
const UNRESERVED = /^[\w.~-]$/;

/**
 * Makes `request.url` an absolute URL with a normalized path: `%63` becomes `c` (RFC 3986, section 6.2.2.2).
 *
 * Bun omits the host if the request has none (HTTP/1.0) or one with unusual characters, and keeps one that does not parse.
 * The request stays the same object: Bun can only upgrade the original to a WebSocket.
 */
export function normalizeUrl(request: Request): void {
  const { url } = request;
  if (ORDINARY.test(url)) return;
  const { origin, pathname, search } = new URL(URL.canParse(url) && /^https?:/.test(url) ? url : NO_HOST + pathOf(url));
  const path = pathname.includes('%') ? pathname.replaceAll(ENCODED_ASCII, decodeUnreserved) : pathname;
  Object.defineProperty(request, 'url', { value: origin + path + search });
}

/** Everything after the host; `/` for a CONNECT request, which has no path. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  const start = url.indexOf('/', url.indexOf('//') + 2);
  return start < 0 ? '/' : url.slice(start);
}

function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded;
}
