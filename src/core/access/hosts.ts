/**
 * The origin in the URL of a request whose host is missing or invalid. No page can have it: the name never resolves
 * (RFC 6761), and browsers refuse the port.
 */
export const NO_HOST = 'http://host.invalid:1';

/** Matches a URL whose host is this machine. A pattern, since it runs for every request and parsing a URL takes longer. */
const THIS_MACHINE = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * Whether a request names this machine as its host, or no host at all.
 *
 * Any web page can point its own host name at 127.0.0.1, and then counts as same-origin (DNS rebinding). Without tokens,
 * only the host that the browser sends reveals it. A browser always sends one, so a request without a host comes from a
 * script or a health check.
 */
export function namesThisMachine(request: Request): boolean {
  const { url, headers } = request;
  return THIS_MACHINE.test(url) || (url.startsWith(NO_HOST) && (headers.get('host') ?? '') === '');
}
