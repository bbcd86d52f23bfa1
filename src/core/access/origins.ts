/**
 * Whether a page of the request's origin may use the server. A request without an origin does not come from a page; the pages
 * that we serve have our own origin.
 */
export function originAllowed(request: Request, origins: readonly string[]): boolean {
  const origin = request.headers.get('origin');
  if (origin === null || origins.includes(origin)) return true;
  return origin === new URL(request.url).origin;
}
