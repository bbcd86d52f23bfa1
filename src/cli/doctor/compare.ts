import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Config } from '../../config/config.ts';
import { broken, type Finding, ok, warning } from './finding.ts';
import { callServer, placeOf, type ServerAddress } from './running-server.ts';

const Answer = Type.Object({
  feeds: Type.Array(
    Type.Object({
      source: Type.String(),
      at: Type.Union([Type.String(), Type.Null()]),
      differing: Type.Array(Type.String()),
    }),
  ),
});
type Answer = (typeof Answer)['static'];
const Problem = Type.Object({ detail: Type.String() });

/** The server gives up sooner. */
const WITHIN_MS = 30_000;
const WHAT = 'mirror';

/** Has the running server compare its mirror with the databases. */
export async function compareMirror(server: ServerAddress, withinMs = WITHIN_MS): Promise<Finding[]> {
  const place = placeOf(server);
  let response: Response;
  try {
    response = await callServer(server, 'POST', '/api/compare', withinMs);
  } catch (error) {
    return [noAnswer(error, place, withinMs)];
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && Value.Check(Answer, body)) return body.feeds.map(describeComparison);
  return [refused(response.status, body, place, server.access)];
}

function describeComparison({ source, at, differing }: Answer['feeds'][number]): Finding {
  const what = `${WHAT} of ${source}`;
  if (differing.length > 0) {
    return warning(
      what,
      `differs in ${differing.join(', ')}`,
      'nothing: it is being loaded again; compare once more then',
    );
  }
  return at === null
    ? warning(
        what,
        'could not be compared: the source does not support it, or changed all the time',
        'try again at a quieter time; "changes of" above shows how the source is followed',
      )
    : ok(what, `equals its source, compared at ${at}`);
}

function noAnswer(error: unknown, place: string, withinMs: number): Finding {
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return isLate
    ? broken(WHAT, `the server at ${place} did not answer within ${withinMs} ms`, `see http://${place}/ws/status`)
    : broken(
        WHAT,
        `no server answers at ${place}`,
        'start it first: npm start; HOST and PORT must be those of the server',
      );
}

function refused(status: number, body: unknown, place: string, { secret, roles }: Config['access']): Finding {
  const detail = Value.Check(Problem, body) ? body.detail : null;
  if (detail === null) {
    return broken(
      WHAT,
      `the program at ${place} is not a server of this version (status ${status})`,
      'check HOST and PORT, and start the server again if it is an older one',
    );
  }
  if (status === 401) {
    const next =
      secret === null
        ? 'set JWT_SECRET to that of the server, which has access control on'
        : 'set JWT_SECRET, BI_JWT_ISSUER and BI_JWT_AUDIENCE to those of the server: run the doctor where it runs';
    return broken(WHAT, `the server refuses the token: ${detail}`, next);
  }
  if (status === 403) {
    return broken(
      WHAT,
      `the server refuses the role ${roles[0] ?? 'Admin'}: ${detail}`,
      'set BI_ROLES to that of the server',
    );
  }
  return broken(WHAT, detail, `see http://${place}/ws/status for how its sources are`);
}
