/** The address of a hub in the plain JSON dialect. It contains the token: never log it or put it in a message. */
export function hubAddress(origin: string, hub: string, token: string | undefined): string {
  const query = new URLSearchParams({ protocol: 'json', ...(token === undefined ? {} : { access_token: token }) });
  return `${origin.replace(/^http/, 'ws')}/hubs/${hub}?${query}`;
}
