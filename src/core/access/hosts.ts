/**
 * Whether a request names this machine as its host.
 *
 * A page of anyone's can point its own host name at 127.0.0.1 and then counts as ours (DNS rebinding): where no token is
 * asked for, the host that the browser names is the only thing that tells it apart.
 */
export function namesThisMachine(request: Request): boolean {
  const { hostname } = new URL(request.url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
