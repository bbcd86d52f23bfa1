import { errors, jwtVerify } from 'jose';
import { Problem } from '../problems.ts';
import { ANONYMOUS, type Identity } from './identity.ts';

export interface AccessOptions {
  /** Null: access control is off, and the server listens on this machine only. */
  readonly secret: string | null;
  readonly roles: readonly string[];
  readonly issuer: string | null;
  readonly audience: string | null;
}

/** Decides who may read. HTTP and hubs share one. */
export interface Access {
  /** Whether requests need a token. */
  readonly on: boolean;
  /**
   * Identifies the sender of a request. Synchronous if the token was verified before.
   *
   * @param fromQuery whether `?access_token=` counts: on hubs, where a browser cannot set headers
   * @throws Problem `not-authenticated` without a valid token, `not-allowed` with one that lacks the role
   */
  identify(request: Request, fromQuery: boolean): Identity | Promise<Identity>;
}

/** Verified tokens that are cached; beyond this number, the oldest is dropped. */
const MOST_CACHED = 1_000;

/** The claims that may hold roles, as a string or a list of strings; the first is the back end's. */
const ROLE_CLAIMS = ['http://schemas.microsoft.com/ws/2008/06/identity/claims/role', 'role', 'roles'];

export function createAccess({ secret, roles, issuer, audience }: AccessOptions): Access {
  if (secret === null) return { on: false, identify: () => ANONYMOUS };
  const key = new TextEncoder().encode(secret);
  const verified = new Map<string, Identity>();

  const verify = async (token: string): Promise<Identity> => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      ...(issuer === null ? {} : { issuer }),
      ...(audience === null ? {} : { audience }),
    }).catch(refuseToken);
    const granted = ROLE_CLAIMS.flatMap((claim) => payload[claim] ?? []);
    if (!roles.some((role) => granted.includes(role))) {
      throw new Problem('not-allowed', `The token has none of the roles that may read: ${roles.join(', ')}`);
    }
    const identity = { subject: payload.sub ?? 'unnamed', expiresAt: (payload.exp ?? 0) * 1000 };
    const [oldest] = verified.keys();
    if (verified.size >= MOST_CACHED && oldest !== undefined) verified.delete(oldest);
    verified.set(token, identity);
    return identity;
  };

  return {
    on: true,
    identify(request, fromQuery) {
      const token = tokenOf(request, fromQuery);
      if (token === undefined) throw refusal('Send a token: Authorization: Bearer <token>');
      const known = verified.get(token);
      if (known === undefined) return verify(token);
      if (known.expiresAt !== null && known.expiresAt <= Date.now()) {
        verified.delete(token);
        throw refusal('The token has expired');
      }
      return known;
    },
  };
}

/** From `Authorization: Bearer`, else on hubs `?access_token=`, else the cookie `jwt`. */
function tokenOf(request: Request, fromQuery: boolean): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const query = fromQuery ? new URL(request.url).searchParams.get('access_token') : null;
  if (query !== null && query !== '') return query;
  return /(?:^|;) *jwt=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
}

function refuseToken(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw refusal('The token has expired');
  if (error instanceof errors.JOSEError) throw refusal('The token is not valid');
  throw error;
}

/** RFC 6750, section 3. */
function refusal(detail: string): Problem {
  return new Problem('not-authenticated', detail, { headers: { 'www-authenticate': 'Bearer' } });
}
