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

/** Decides who may read. HTTP and hubs ask the same. */
export interface Access {
  readonly on: boolean;
  /**
   * Who sent a request. Synchronous where the token was checked before.
   *
   * @param fromQuery whether `?access_token=` counts: on hubs, where a browser can set no header
   * @throws Problem `not-authenticated` without a valid token, `not-allowed` with one that lacks the role
   */
  identify(request: Request, fromQuery: boolean): Identity | Promise<Identity>;
}

/** Tokens that were checked already; the oldest leaves when it is full. */
const MOST_REMEMBERED = 1_000;

/** Where the back end's tokens and others carry their roles: text or a list of texts. */
const ROLE_CLAIMS = ['http://schemas.microsoft.com/ws/2008/06/identity/claims/role', 'role', 'roles'];

export function createAccess({ secret, roles, issuer, audience }: AccessOptions): Access {
  if (secret === null) return { on: false, identify: () => ANONYMOUS };
  const key = new TextEncoder().encode(secret);
  const remembered = new Map<string, Identity>();

  const verify = async (token: string): Promise<Identity> => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      ...(issuer === null ? {} : { issuer }),
      ...(audience === null ? {} : { audience }),
    }).catch(refuseToken);
    const held = ROLE_CLAIMS.flatMap((claim) => payload[claim] ?? []);
    if (!roles.some((role) => held.includes(role))) {
      throw new Problem('not-allowed', `The token has none of the roles that may read: ${roles.join(', ')}`);
    }
    const identity = { subject: payload.sub ?? 'unnamed', expiresAt: (payload.exp ?? 0) * 1000 };
    const [oldest] = remembered.keys();
    if (remembered.size >= MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    remembered.set(token, identity);
    return identity;
  };

  return {
    on: true,
    identify(request, fromQuery) {
      const token = tokenOf(request, fromQuery);
      if (token === undefined) throw refusal('Send a token: Authorization: Bearer <token>');
      const known = remembered.get(token);
      if (known === undefined) return verify(token);
      if (known.expiresAt !== null && known.expiresAt <= Date.now()) {
        remembered.delete(token);
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
