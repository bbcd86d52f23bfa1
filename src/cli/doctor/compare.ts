import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { SignJWT } from 'jose';
import type { Config } from '../../config/config.ts';
import { broken, type Finding, ok, warning } from './finding.ts';

const Answer = Type.Object({
  feeds: Type.Array(
    Type.Object({
      source: Type.String(),
      at: Type.Union([Type.String(), Type.Null()]),
      differing: Type.Array(Type.String()),
    }),
  ),
});

const WITHIN_MS = 30_000;

/** Has the running server compare its mirror with the databases. */
export async function compareMirror({
  host,
  port,
  access,
}: Pick<Config, 'host' | 'port' | 'access'>): Promise<Finding[]> {
  const what = 'mirror';
  const name = ['0.0.0.0', '::', '[::]'].includes(host) ? '127.0.0.1' : host;
  try {
    const response = await fetch(`http://${name}:${port}/api/compare`, {
      method: 'POST',
      headers: access.secret === null ? {} : { authorization: `Bearer ${await tokenFor(access.secret, access)}` },
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const body: unknown = await response.json();
    if (!response.ok || !Value.Check(Answer, body)) {
      const detail = Value.Check(Type.Object({ detail: Type.String() }), body)
        ? body.detail
        : `status ${response.status}`;
      return [broken(what, detail, 'look at /ws/status of the server')];
    }
    return body.feeds.map(({ source, at, differing }) => {
      if (differing.length > 0) {
        return warning(
          `${what} of ${source}`,
          `differs in ${differing.join(', ')}`,
          'nothing: it is being loaded again',
        );
      }
      return at === null
        ? ok(`${what} of ${source}`, 'this source cannot be compared, or never stood still')
        : ok(`${what} of ${source}`, `equals its source, compared at ${at}`);
    });
  } catch {
    return [broken(what, `no server answers at ${name}:${port}`, 'start it first: npm start')];
  }
}

function tokenFor(secret: string, { roles, issuer, audience }: Config['access']): Promise<string> {
  const token = new SignJWT({ role: roles[0] ?? 'Admin' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('2m');
  if (issuer !== null) token.setIssuer(issuer);
  if (audience !== null) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
