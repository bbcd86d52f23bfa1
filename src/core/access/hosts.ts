/** The beginning of a URL whose host is this machine. Matched in the text: every request is, and a URL takes longer. */
const THIS_MACHINE = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * Whether a request names this machine as its host, or no host at all.
 *
 * A page of anyone's can point its own host name at 127.0.0.1 and then counts as ours (DNS rebinding): where no token is
 * asked for, the host that the browser names is the only thing that tells it apart. A browser always names one, so a
 * request without comes from a script or a health check.
 *
 * @param request as it was received: Bun leaves the host out of the URL where it is missing or unreadable
 */
export function namesThisMachine(request: Request): boolean {
  if (THIS_MACHINE.test(request.url)) return true;
  return request.url.startsWith('/') && (request.headers.get('host') ?? '') === '';
}
