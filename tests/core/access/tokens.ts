import { SignJWT } from 'jose';
import { type AccessOptions, createAccess } from '../../../src/core/access/access.ts';
import type { Identity } from '../../../src/core/access/identity.ts';
import { Problem } from '../../../src/core/problems.ts';

/** With letters outside ASCII: the key is its UTF-8 bytes. */
export const SECRET = 'um segredo com ação e çedilha, de 32 bytes ou mais';

/** Where ASP.NET puts roles. */
export const MICROSOFT_ROLE = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';

export const HOUR_SECONDS = 3_600;

export const nowSeconds = () => Math.floor(Date.now() / 1000);

type Claims = Readonly<Record<string, unknown>>;

/** A token as the back end makes them, an hour to live, unless told otherwise. A claim that is undefined is left out. */
export function token(claims: Claims = {}, { secret = SECRET, algorithm = 'HS256' } = {}): Promise<string> {
  const payload = { sub: 'ana', role: 'Admin', exp: nowSeconds() + HOUR_SECONDS, ...claims };
  const given = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader({ alg: algorithm }).sign(new TextEncoder().encode(secret));
}

/** A token of parts that no library would make. */
export function rawToken(header: unknown, payload: unknown, signature = ''): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

export function accessWith(options: Partial<AccessOptions> = {}) {
  return createAccess({ secret: SECRET, roles: ['Admin'], issuer: null, audience: null, ...options });
}

export interface Carriers {
  readonly bearer?: string;
  readonly query?: string;
  readonly cookie?: string;
}

/** A request that carries a token in each of the given places. */
export function requestWith({ bearer, query, cookie }: Carriers): Request {
  const url = new URL('http://localhost:8000/hubs/claims');
  if (query !== undefined) url.searchParams.set('access_token', query);
  const headers = new Headers();
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
  if (cookie !== undefined) headers.set('cookie', `theme=dark; jwt=${cookie}; other=1`);
  return new Request(url.href, { headers });
}

/** The code with which a request is refused, or the subject as whom it is let in. */
export async function verdict(identify: () => Identity | Promise<Identity>): Promise<string> {
  try {
    return (await identify()).subject;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
