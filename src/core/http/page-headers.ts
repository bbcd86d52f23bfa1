/** Of every page, script and style that we serve: nothing is guessed, framed, or told to other sites. */
export const PAGE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

/**
 * The Content-Security-Policy of the documentation, whose script makes styles of its own and calls routes of this server.
 *
 * @param inlineScripts of the page, by their text: no other is run
 */
export function documentationPolicy(inlineScripts: readonly string[]): string {
  const hashes = inlineScripts.map(
    (text) => ` 'sha256-${new Bun.CryptoHasher('sha256').update(text).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self'${hashes.join('')}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** A host as browsers send it, with its port; what else stands in the header must not become part of a policy. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

/**
 * The Content-Security-Policy of the live page: files and data from this server alone, no inline script or style.
 *
 * @param host of the request: some browsers do not take a WebSocket of the same host for `'self'`
 */
export function livePagePolicy(host: string): string {
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
  ].join('; ');
}
