import { SignJWT } from 'jose';
import type { Config } from '../../config/config.ts';

/** Where the running server listens, and how to be let in. */
export type ServerAddress = Pick<Config, 'host' | 'port' | 'access'>;

/** Host and port, as in a URL. */
export function placeOf({ host, port }: ServerAddress): string {
  return `${hostOf(host)}:${port}`;
}

/** Calls the running server with a token of its own. @throws what `fetch` does; a TimeoutError past `withinMs` */
export async function callServer(
  server: ServerAddress,
  method: 'GET' | 'POST',
  path: string,
  withinMs: number,
): Promise<Response> {
  const { secret } = server.access;
  return fetch(`http://${placeOf(server)}${path}`, {
    method,
    headers: secret === null ? {} : { authorization: `Bearer ${await tokenFor(secret, server.access)}` },
    signal: AbortSignal.timeout(withinMs),
  });
}

/** A client cannot connect to a wildcard address. */
function hostOf(host: string): string {
  if (['0.0.0.0', '::', '[::]'].includes(host)) return '127.0.0.1';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function tokenFor(secret: string, { roles, issuer, audience }: Config['access']): Promise<string> {
  const token = new SignJWT({ role: roles[0] ?? 'Admin' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('2m');
  if (issuer !== null) token.setIssuer(issuer);
  if (audience !== null) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
