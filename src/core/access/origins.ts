/**
 * Whether a browser page of this origin may call. A request without an origin does not come from a page; a page that we
 * serve ourselves has our own.
 */
export function originAllowed(request: Request, origins: readonly string[]): boolean {
  const origin = request.headers.get('origin');
  if (origin === null || origins.includes(origin)) return true;
  return origin === new URL(request.url).origin;
}
