/**
 * Origin in the URL of a request whose host is missing or unreadable. No page has it: the name resolves nowhere
 * (RFC 6761), and browsers refuse the port.
 */
export const NO_HOST = 'http://host.invalid:1';

/** The beginning of a URL whose host is this machine. Matched in the text: every request is, and a URL takes longer. */
const THIS_MACHINE = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * Whether a request names this machine as its host, or no host at all.
 *
 * A page of anyone's can point its own host name at 127.0.0.1 and then counts as ours (DNS rebinding): where no token is
 * asked for, the host that the browser names is the only thing that tells it apart. A browser always names one, so a
 * request without comes from a script or a health check.
 */
export function namesThisMachine(request: Request): boolean {
  const { url, headers } = request;
  return THIS_MACHINE.test(url) || (url.startsWith(NO_HOST) && (headers.get('host') ?? '') === '');
}
