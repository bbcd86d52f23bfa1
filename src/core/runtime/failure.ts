import type { Instant } from '../figures/calendar.ts';
import {
  MissingFromSourceError,
  NotConfiguredError,
  QueryRefusedError,
  SourceError,
  SourceTimeoutError,
} from './source-errors.ts';

/**
 * What a failed refresh tells of, the gravest last: the *feature*, which lacks something at the source, was refused a
 * query of its own, or has an error of its own; the source's *silence*, which may be the fault of the query as well; or
 * the *source*, which refused or is out of reach.
 */
const BLAMES = ['feature', 'silence', 'source'] as const;
export type Blame = (typeof BLAMES)[number];

/** Why a refresh failed. */
export interface Failure {
  /** What people are told. */
  readonly reason: string;
  readonly blame: Blame;
  /** Since when, where it began before it was noticed here. */
  readonly since?: Instant;
}

/** The feed of a feature fails: what the mirror holds may no longer be what the source does. */
export class FeedFailingError extends SourceError {
  override readonly name = 'FeedFailingError';

  constructor(readonly failure: Failure) {
    super(failure.reason);
  }
}

const OF_THE_FEATURE = [MissingFromSourceError, QueryRefusedError, NotConfiguredError];

const LONGEST_REASON = 300;

/**
 * A source's own errors are meant for people. Of any other they learn only that there was one, since its text may hold
 * anything.
 *
 * @param onError told the whole of an error that nobody foresaw
 */
export function failureOf(error: unknown, onError: (error: unknown) => void): Failure {
  if (error instanceof FeedFailingError) return error.failure;
  if (error instanceof SourceError) {
    return { reason: (error.message.split('\n', 1)[0] ?? '').slice(0, LONGEST_REASON), blame: blameFor(error) };
  }
  onError(error);
  return { reason: 'an unexpected error, which has been logged', blame: 'feature' };
}

function blameFor(error: SourceError): Blame {
  if (error instanceof SourceTimeoutError) return 'silence';
  return OF_THE_FEATURE.some((kind) => error instanceof kind) ? 'feature' : 'source';
}

/** The graver of two, where there are two. */
export function graver(before: Blame | undefined, latest: Blame): Blame {
  return before !== undefined && BLAMES.indexOf(before) > BLAMES.indexOf(latest) ? before : latest;
}
