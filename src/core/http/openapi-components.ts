import { PROBLEMS, type ProblemCode, type ProblemKind } from '../problems.ts';
import type { Json, JsonObject } from '../runtime/json.ts';
import { HEADERS, type HeaderName } from './openapi-headers.ts';
import { toOpenApiSchema } from './openapi-schema.ts';
import { ProblemDocument, problemType } from './problem-response.ts';
import type { Route } from './route.ts';

/** Refusals that every route may answer. */
const EVERYWHERE: readonly ProblemCode[] = ['method-not-allowed', 'internal'];
const WHEN_CLOSED: readonly ProblemCode[] = ['not-authenticated', 'not-allowed'];

/** The document's shared components, and references to them. */
export interface OpenApiComponents {
  /** Schemas by name; `toOpenApiSchema` adds to them. */
  readonly schemas: Record<string, Json>;
  /** References to headers of a response. */
  headers(...names: readonly HeaderName[]): JsonObject;
  /** The refusals of a route, by status: references to responses. */
  refusals(route: Route): JsonObject;
  /** Every component that was referred to. */
  all(): JsonObject;
}

export function createOpenApiComponents(): OpenApiComponents {
  const schemas: Record<string, Json> = {};
  const responses: Record<string, Json> = {};
  const examples: Record<string, Json> = {};
  const headers: Record<string, Json> = {};

  const headersOf: OpenApiComponents['headers'] = (...names) =>
    Object.fromEntries(
      names.map((name) => {
        headers[name] = HEADERS[name];
        return [name, { $ref: `#/components/headers/${name}` }];
      }),
    );

  const refusal = (status: number, codes: readonly ProblemCode[]): JsonObject => {
    const name = codes.map(pascal).join('Or');
    for (const code of codes) examples[code] = problemExample(code);
    const content = {
      schema: toOpenApiSchema(ProblemDocument, schemas),
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    };
    const named = headersOfRefusal(status, codes);
    responses[name] ??= {
      description: codes.map((code) => PROBLEMS[code].title).join('; '),
      ...(named.length > 0 ? { headers: headersOf(...named) } : {}),
      content: { 'application/problem+json': content, 'application/json': content },
    };
    return { $ref: `#/components/responses/${name}` };
  };

  return {
    schemas,
    headers: headersOf,
    refusals({ problems, open }) {
      const byStatus = new Map<number, ProblemCode[]>();
      for (const code of [...problems, ...EVERYWHERE, ...(open === true ? [] : WHEN_CLOSED)]) {
        const { status } = PROBLEMS[code];
        byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
      }
      return Object.fromEntries([...byStatus].map(([status, codes]) => [status, refusal(status, codes)]));
    },
    all: () => ({ schemas, responses, examples, headers }),
  };
}

function headersOfRefusal(status: number, codes: readonly ProblemCode[]): HeaderName[] {
  if (status === 401) return ['WWW-Authenticate'];
  if (status === 405) return ['Allow'];
  return codes.some((code) => retryAfter(PROBLEMS[code]) !== undefined) ? ['Retry-After'] : [];
}

function retryAfter({ retryAfterSeconds }: ProblemKind): number | undefined {
  return retryAfterSeconds;
}

/** Example details of refusals; the title where none is listed. */
const DETAILS: Partial<Record<ProblemCode, string>> = {
  'invalid-request': 'Invalid input: limit: Expected integer to be less or equal to 500 (How many users, 1 to 500)',
  'not-authenticated': 'Send a token: Authorization: Bearer <token>',
  'not-allowed': 'The token has none of the roles that may read: Admin',
  'method-not-allowed': 'DELETE is not possible here; allowed: GET, HEAD, OPTIONS',
  'body-too-large': 'The body may have at most 65536 bytes',
  'unsupported-media-type': 'Send no body, or one of type application/json',
  internal: 'Something went wrong here; it has been logged',
  'not-ready': 'There is no snapshot of claims yet: its first refresh is under way',
  'source-too-slow': 'The source did not answer in time',
  busy: 'Too many questions are waiting for the source; ask again',
  'not-found': 'There is no such job; the last 100 that ended are kept',
  'rows-not-configured':
    'Nothing is pushed to Rows.com: set ROWS_API_KEY and ROWS_SPREADSHEET_ID, and start the server again',
};

const ERRORS = { limit: ['Expected integer to be less or equal to 500 (How many users, 1 to 500)'] };

function problemExample(code: ProblemCode): JsonObject {
  const { status, title } = PROBLEMS[code];
  const detail = DETAILS[code] ?? title;
  const errors = code === 'invalid-request' ? { errors: ERRORS } : {};
  const value = {
    type: problemType(code),
    title,
    status,
    detail,
    instance: '/api/users/list',
    message: detail,
    ...errors,
  };
  return { summary: title, value };
}

function pascal(code: string): string {
  return code.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
