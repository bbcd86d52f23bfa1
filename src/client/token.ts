/** Asked at every attempt and request, so that it may hand out a newer one each time. */
export type TokenSource = () => string | undefined | Promise<string | undefined>;

/** Whether a JWT says that its time is over (RFC 7519, section 4.1.4). False for any other token. */
export function isExpired(token: string | undefined, now: number): boolean {
  const encoded = token?.split('.')[1];
  if (encoded === undefined) return false;
  try {
    const claims: unknown = JSON.parse(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')));
    const expires: unknown = Reflect.get(Object(claims), 'exp');
    return typeof expires === 'number' && expires * 1000 <= now;
  } catch {
    return false;
  }
}
