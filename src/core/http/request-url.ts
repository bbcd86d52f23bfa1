import { NO_HOST } from '../access/hosts.ts';

/**
 * The URL of a client that does what others do: a host that parses and a path that needs no decoding. Matched in the
 * text, since every request is, and parsing a URL takes longer.
 */
const ORDINARY =
  /^https?:\/\/(?:[a-z]+(?:\.[a-z]+)*|(?:1\d\d|[1-9]?\d)(?:\.(?:1\d\d|[1-9]?\d)){3})(?::(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}))?\/[^%#]*$/i;

/** Percent-encoded octets of ASCII that a URL need not encode (RFC 3986, section 2.3). */
const ENCODED_ASCII = /%[2-7][\da-f]/gi;
const UNRESERVED = /^[\w.~-]$/;

/**
 * Makes `request.url` an absolute URL whose path is the one of the request line, in its normal form.
 *
 * Bun leaves the host out where the request names none (HTTP/1.0) or one with odd characters, and takes one over that does
 * not parse; `%63` means `c` (RFC 3986, section 6.2.2.2). The request stays the same object: only the one that came can
 * become a WebSocket.
 */
export function normalizeUrl(request: Request): void {
  const { url } = request;
  if (ORDINARY.test(url)) return;
  const { origin, pathname, search } = new URL(URL.canParse(url) && /^https?:/.test(url) ? url : NO_HOST + pathOf(url));
  const path = pathname.includes('%') ? pathname.replaceAll(ENCODED_ASCII, decodeUnreserved) : pathname;
  Object.defineProperty(request, 'url', { value: origin + path + search });
}

/** What follows the host, whatever that is; a CONNECT request has none. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  const start = url.indexOf('/', url.indexOf('//') + 2);
  return start < 0 ? '/' : url.slice(start);
}

function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded;
}
