/** The address of a hub in the plain JSON dialect. It holds the token, so it belongs in no log and no message. */
export function hubAddress(origin: string, hub: string, token: string | undefined): string {
  const query = new URLSearchParams({ protocol: 'json', ...(token === undefined ? {} : { access_token: token }) });
  return `${origin.replace(/^http/, 'ws')}/hubs/${hub}?${query}`;
}
