/** The beginning of a URL whose host is this machine. Matched in the text: every request is, and a URL takes longer. */
const THIS_MACHINE = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * Whether a request names this machine as its host.
 *
 * A page of anyone's can point its own host name at 127.0.0.1 and then counts as ours (DNS rebinding): where no token is
 * asked for, the host that the browser names is the only thing that tells it apart.
 */
export function namesThisMachine(request: Request): boolean {
  return THIS_MACHINE.test(request.url);
}
