/**
 * The catalogue of refusals. Each maps to a problem document in HTTP (RFC 9457), an Error frame or a completion in a hub, and
 * a close code if the connection ends.
 */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Seconds after which the same request may succeed; absent if repeating it changes nothing. */
  readonly retryAfterSeconds?: number;
}

export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'Invalid request' },
  'not-authenticated': { status: 401, title: 'Not authenticated' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'upgrade-required': { status: 426, title: 'Upgrade required' },
  internal: { status: 500, title: 'Internal error' },
  'not-ready': { status: 503, title: 'Not ready yet', retryAfterSeconds: 1 },
  'source-unavailable': { status: 503, title: 'Source unavailable', retryAfterSeconds: 5 },
  'source-too-slow': { status: 503, title: 'Source too slow', retryAfterSeconds: 5 },
  busy: { status: 503, title: 'Too many questions at once', retryAfterSeconds: 1 },
  'rows-not-configured': { status: 503, title: 'Rows.com is not configured' },
  stopping: { status: 503, title: 'Server is stopping', retryAfterSeconds: 5 },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal of a request. Its text is sent to the client, so it contains no stack, no data and no secret. */
export class Problem extends Error {
  override readonly name = 'Problem';

  /**
   * @param detail what is wrong with this request, and what would be valid
   * @param more additional headers and members of the answer
   */
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly more: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail);
  }

  get kind(): ProblemKind {
    return PROBLEMS[this.code];
  }
}
