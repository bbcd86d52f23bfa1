import { type Static, Type } from '@sinclair/typebox';
import { Problem, type ProblemCode } from '../problems.ts';
import { InvalidInputError } from '../runtime/parse-input.ts';
import { SourceError, SourceTimeoutError } from '../sources/source-errors.ts';
import { textResponse } from './text-response.ts';

/** A problem document (RFC 9457, section 3) with two more members, `message` and `errors`, for the front end. */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', examples: ['urn:greg-bi:problem:invalid-request'] }),
    title: Type.String({ examples: ['Invalid request'] }),
    status: Type.Integer({ examples: [400] }),
    detail: Type.String({ examples: ['limit: Expected integer to be less or equal to 500'] }),
    instance: Type.String({ format: 'uri-reference', examples: ['/api/users/list'] }),
    message: Type.String({ description: 'The same as detail', examples: ['limit: Expected integer …'] }),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'With status 400: what was wrong with each field',
        examples: [{ limit: ['Expected integer to be less or equal to 500'] }],
      }),
    ),
  },
  { $id: 'ProblemDocument' },
);
type ProblemDocument = Static<typeof ProblemDocument>;

/** The problem that a thrown value stands for; undefined for an unexpected error, which belongs in the log. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidInputError) {
    return new Problem('invalid-request', error.message, { members: { errors: error.fields } });
  }
  if (error instanceof SourceTimeoutError) return new Problem('source-too-slow', error.message);
  if (error instanceof SourceError) return new Problem('source-unavailable', error.message);
  return undefined;
}

/** The `type` of a problem document: a name, not an address to fetch. */
export function problemType(code: ProblemCode): string {
  return `urn:greg-bi:problem:${code}`;
}

/** A problem as a response: `application/problem+json`, or `application/json` if `Accept` lists only that. */
export function problemResponse(problem: Problem, request: Request): Response | Promise<Response> {
  const { status, title, retryAfterSeconds } = problem.kind;
  const document: ProblemDocument = {
    type: problemType(problem.code),
    title,
    status,
    detail: problem.detail,
    instance: pathOf(request.url),
    message: problem.detail,
    ...problem.more.members,
  };
  return textResponse(request, JSON.stringify(document), status, {
    'content-type': acceptsOnlyJson(request) ? 'application/json' : 'application/problem+json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...problem.more.headers,
  });
}

function acceptsOnlyJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return accept.split(',').every((type) => type.split(';', 1)[0]?.trim().toLowerCase() === 'application/json');
}

/** The path of a URL without its query, which may hold a token. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const path = start < 0 ? '/' : url.slice(start);
  return path.split('?', 1)[0] ?? '/';
}
