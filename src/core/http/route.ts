import type { TObject, TSchema } from '@sinclair/typebox';
import type { ProblemCode } from '../problems.ts';
import type { HeaderName } from './openapi-headers.ts';

/** The input of a handler. */
export interface Call {
  readonly request: Request;
  /** Path parameters, decoded; undefined if the path has none. */
  readonly params?: Readonly<Record<string, string>>;
}

export interface RouteResponse {
  readonly status: number;
  readonly description: string;
  /** Of the body as JSON. */
  readonly schema: TSchema;
  /** Other types that the body may have, as files. */
  readonly otherContentTypes?: readonly string[];
}

/**
 * A route: its handler and its description in the OpenAPI document.
 *
 * Unless `open`, the caller is identified before the handler runs.
 */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path parameters are written `{name}`. */
  readonly path: string;
  /** Other paths of the same route. */
  readonly aliases?: readonly string[];
  readonly open?: boolean;
  readonly tag: string;
  readonly summary: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly response: RouteResponse;
  /** Response headers to describe. */
  readonly headers?: readonly HeaderName[];
  /** Other responses, without a body, by status. */
  readonly bodiless?: Readonly<Record<number, string>>;
  /** Refusals of this route, apart from those of every route. */
  readonly problems: readonly ProblemCode[];
  handle(call: Call): Response | Promise<Response>;
}
