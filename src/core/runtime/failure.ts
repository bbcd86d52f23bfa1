import type { Instant } from '../figures/calendar.ts';
import {
  MissingFromSourceError,
  NotConfiguredError,
  QueryRefusedError,
  SourceError,
  SourceTimeoutError,
} from './source-errors.ts';

/**
 * What caused a failed refresh, the gravest last: the *feature* (something is missing at the source, its query was
 * refused, or it has a bug); *silence* of the source, which a slow query can cause too; or the *source* itself, which
 * refused or is unreachable.
 */
const BLAMES = ['feature', 'silence', 'source'] as const;
export type Blame = (typeof BLAMES)[number];

/** Why a refresh failed. */
export interface Failure {
  /** Text for people. */
  readonly reason: string;
  readonly blame: Blame;
  /** When it began, if that was before it was noticed here. */
  readonly since?: Instant;
}

/** A failure that lasts. */
export interface Failing extends Failure {
  readonly since: Instant;
}

/** The feed of a feature fails: the mirror may no longer match the source. */
export class FeedFailingError extends SourceError {
  override readonly name = 'FeedFailingError';

  constructor(readonly failure: Failure) {
    super(failure.reason);
  }
}

const OF_THE_FEATURE = [MissingFromSourceError, QueryRefusedError, NotConfiguredError];

const LONGEST_REASON = 300;

/**
 * The failure to show for an error. A SourceError has a text for people. Any other error is only mentioned, since its text
 * may contain anything.
 *
 * @param onError receives unexpected errors
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

/** The graver of the two. */
export function graver(before: Blame | undefined, latest: Blame): Blame {
  return before !== undefined && BLAMES.indexOf(before) > BLAMES.indexOf(latest) ? before : latest;
}
