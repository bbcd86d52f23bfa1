import type { TObject, TSchema } from '@sinclair/typebox';
import type { ProblemCode } from '../problems.ts';
import type { HeaderName } from './openapi-headers.ts';

/** What a handler sees of a request. */
export interface Call {
  readonly request: Request;
  /** Path parameters, decoded; undefined if the path has none. */
  readonly params?: Readonly<Record<string, string>>;
}

/**
 * A route, told once: what it answers and what the OpenAPI document says of it.
 *
 * Closed unless `open`: the app checks who calls before the handler sees the request.
 */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for a path parameter. */
  readonly path: string;
  /** Other paths that answer the same. */
  readonly aliases?: readonly string[];
  readonly open?: boolean;
  readonly tag: string;
  readonly summary: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly response: { readonly status: number; readonly description: string; readonly schema: TSchema };
  /** Headers of its answers that are worth a word. */
  readonly headers?: readonly HeaderName[];
  /** Answers without a body that the route may give besides: 304, a redirect. */
  readonly bodiless?: Readonly<Record<number, string>>;
  /** Refusals that this route may answer. Those that every route may answer need no mention. */
  readonly problems: readonly ProblemCode[];
  handle(call: Call): Response | Promise<Response>;
}
