import type { Static } from '@sinclair/typebox';
import type { FilesByCategory, LargestFiles, StorageGrowthTrend } from '../features/storage/schemas.ts';
import type { Environment } from './environment.ts';
import type { About, FeatureData, FeatureName, History, Notification, Snapshot } from './shapes.ts';
import type { TokenSource } from './token.ts';

/** The type of a route's answer; `unknown` for a path that is not listed here. */
export type RestAnswer<Path extends string> = Path extends '/api/about'
  ? About
  : Path extends `/api/notifications${'' | `?${string}`}`
    ? Notification[]
    : Path extends `/api/${FeatureName}/history${'' | `?${string}`}`
      ? History
      : Path extends `/api/${infer Name extends FeatureName}`
        ? Whole<Name>
        : Path extends keyof Parts
          ? Parts[Path]
          : Path extends keyof Questions | `${keyof Questions}?${string}`
            ? Questions[Asked<Path>]
            : Path extends `/api/storage/by-category/${string}`
              ? Static<typeof FilesByCategory>
              : unknown;

/** A path without its query. */
type Asked<Path extends string> = Path extends `${infer Route extends keyof Questions}?${string}`
  ? Route
  : Extract<Path, keyof Questions>;

/** A whole snapshot, as `GET /api/{feature}` answers it. */
export interface Whole<Name extends FeatureName>
  extends Pick<Snapshot<Name>, 'feature' | 'seq' | 'status' | 'unavailable' | 'problems' | 'data'> {
  readonly generatedAt: string;
  readonly staleSince?: string;
  readonly staleReason?: string;
}

/** Routes that answer one part of a snapshot, bare. */
interface Parts {
  readonly '/api/claims/summary': FeatureData['claims']['summary'];
  readonly '/api/claims/kpis': FeatureData['claims']['summary'];
  readonly '/api/claims/active': FeatureData['claims']['active'];
  readonly '/api/claims/critical': FeatureData['claims']['active'];
  readonly '/api/claims/by-reason': FeatureData['claims']['byReason'];
  readonly '/api/claims/by-status': FeatureData['claims']['byStatus'];
  readonly '/api/claims/trend': FeatureData['claims']['trend'];
  readonly '/api/financial/summary': FeatureData['financial']['payments'];
  readonly '/api/financial/revenue': FeatureData['financial']['revenue'];
  readonly '/api/financial/revenue-by-day': FeatureData['financial']['revenueByDay'];
  readonly '/api/financial/chargebacks/summary': FeatureData['financial']['chargebacks'];
  readonly '/api/subscriptions/summary': FeatureData['subscriptions']['summary'];
  readonly '/api/subscriptions/list': FeatureData['subscriptions']['list'];
  readonly '/api/subscriptions/by-plan': FeatureData['subscriptions']['byPlan'];
  readonly '/api/support/summary': FeatureData['support']['summary'];
  readonly '/api/support/list': FeatureData['support']['list'];
  readonly '/api/support/by-context': FeatureData['support']['byContext'];
  readonly '/api/support/by-day': FeatureData['support']['byDay'];
  readonly '/api/support/logs': FeatureData['support']['logs'];
  readonly '/api/content/summary': FeatureData['content']['summary'];
  readonly '/api/content/list': FeatureData['content']['list'];
  readonly '/api/content/courses': FeatureData['content']['list'];
  readonly '/api/users/summary': FeatureData['users']['summary'];
  readonly '/api/storage/overview': FeatureData['storage']['stats'];
  readonly '/api/storage/stats': FeatureData['storage']['stats'];
}

/** Routes that are read from the mirror when they are asked. */
interface Questions {
  readonly '/api/users/list': FeatureData['users']['list'];
  readonly '/api/storage/largest-files': Static<typeof LargestFiles>;
  readonly '/api/storage/growth-trend': Static<typeof StorageGrowthTrend>;
}

/** The server refused a request: an RFC 9457 problem document as an error. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** The kind of problem, such as `not-ready`; `unknown` if a proxy answered. */
  readonly code: string;
  readonly title: string;
  /** With status 400: what was wrong with each field. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
  /** Seconds after which the same request may succeed; undefined if repeating it changes nothing. */
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, headers }: Pick<Response, 'status' | 'headers'>, document: unknown) {
    const { type, title, detail, errors } = Object(document);
    super(typeof detail === 'string' ? detail : `The server answered ${status}`);
    this.status = status;
    this.code = /^urn:greg-bi:problem:(.+)$/.exec(String(type))?.[1] ?? 'unknown';
    this.title = typeof title === 'string' ? title : 'Unknown problem';
    this.errors = Object(errors);
    const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined;
  }
}

/** No answer came: the server cannot be reached, or did not answer in time. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface RestOptions {
  /** `http://…`, without a path. */
  readonly origin: string;
  readonly token: TokenSource;
  readonly environment: Pick<Environment, 'fetch' | 'schedule'>;
}

const ANSWER_WITHIN_MS = 30_000;

/**
 * Asks a route with the token. The answer is not checked: the server has the schemas.
 *
 * @throws ProblemError if the server refuses, UnreachableError if it does not answer
 */
export async function ask<Answer>(
  method: 'GET' | 'POST',
  { origin, token, environment }: RestOptions,
  path: string,
  signal?: AbortSignal,
): Promise<Answer> {
  const held = await token();
  const abort = new AbortController();
  const cancel = environment.schedule(ANSWER_WITHIN_MS, () => abort.abort());
  try {
    const response = await environment.fetch(origin + path, {
      method,
      headers: { accept: 'application/json', ...(held === undefined ? {} : { authorization: `Bearer ${held}` }) },
      // For a page of another origin whose token is in a cookie.
      credentials: 'include',
      signal: signal === undefined ? abort.signal : AbortSignal.any([abort.signal, signal]),
    });
    if (!response.ok) throw new ProblemError(response, await response.json().catch(() => undefined));
    const answer: Answer = JSON.parse(await response.text());
    return answer;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new UnreachableError(`${path} could not be asked: there was no answer that could be read`, { cause: error });
  } finally {
    cancel();
  }
}
