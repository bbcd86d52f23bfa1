import {
  MongoError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { QueryRefusedError, SourceError, SourceTimeoutError } from '../../source-errors.ts';

/** Error codes as the MongoDB manual lists them ("Error Codes"). */
export const CODE = {
  unauthorized: 13,
  authenticationFailed: 18,
  cursorNotFound: 43,
  maxTimeExpired: 50,
  invalidResumeToken: 260,
  changeStreamFatal: 280,
  changeStreamHistoryLost: 286,
  onlyOnReplicaSets: 40_573,
} as const;

/** The server is there and cannot be read from now: it shuts down, is not primary, recovers, or looks for a primary. */
const UNAVAILABLE = new Set([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436, 133]);

/** The code of an error that the server sent; undefined of any other. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof MongoServerError && typeof error.code === 'number' ? error.code : undefined;
}

/** What the server marks as passing by itself (MongoDB specifications, "Retryable Reads" and "Change Streams"). */
const PASSING_LABELS = ['ResumableChangeStreamError', 'RetryableError', 'TransientTransactionError', 'ResetPool'];
/** More that passes: the host is away, a time-out, no such cursor, an election, a shutdown, a login that may come to work. */
const PASSING = new Set<unknown>([
  ...UNAVAILABLE,
  ...[6, 7, 63, 89, 150, 202, 234, 262, 9_001, 13_388],
  ...[CODE.authenticationFailed, CODE.cursorNotFound, CODE.maxTimeExpired],
]);

/** Whether the server said no to what was asked, and would say so again. */
export function isRefusal(error: unknown): error is MongoServerError {
  return (
    error instanceof MongoServerError &&
    !PASSING.has(error.code) &&
    !PASSING_LABELS.some((label) => error.hasErrorLabel(label))
  );
}

/**
 * What an error of the driver means, in words that are fit for people: no password, no document.
 *
 * Told apart by class and code, never by their text. What is no error of the driver is returned as it is.
 *
 * @param server as people know it, `MongoDB host/database`
 */
export function sourceErrorOf(error: unknown, server: string): unknown {
  const told = error instanceof MongoError ? describe(error, server) : describeSocket(error, server);
  return told === undefined ? error : Object.assign(told, { cause: error });
}

/** A connection that ends while a command is written is told in the socket's own words. */
function describeSocket(error: unknown, server: string): SourceError | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return new SourceError(`${server} was lost while it was asked`);
}

function describe(error: MongoError, server: string): SourceError {
  if (error instanceof MongoServerSelectionError) return new SourceError(`${server} ${whyUnreachable(error)}`);
  // The driver does not export its class.
  if (error.name === 'MongoWaitQueueTimeoutError') {
    return new SourceTimeoutError(`${server}: every connection was busy for too long`);
  }
  if (error instanceof MongoNetworkTimeoutError) return new SourceTimeoutError(`${server} did not answer in time`);
  if (error instanceof MongoNetworkError) return new SourceError(`${server} was lost while it was asked`);
  const code = codeOf(error);
  if (code === undefined) return new SourceError(`${server} was lost while it was asked (${error.name})`);
  if (code === CODE.authenticationFailed) return new SourceError(`${server} refuses the login: authentication failed`);
  if (code === CODE.maxTimeExpired) return new SourceTimeoutError(`${server} did not answer in time`);
  if (code === CODE.unauthorized) return new QueryRefusedError(`${server}: the user may not read this (error 13)`);
  if (UNAVAILABLE.has(code))
    return new SourceError(`${server} has no member that can be read from now (error ${code})`);
  return new QueryRefusedError(`${server} refused the query (error ${code})`);
}

const SOCKET_REASONS = new Map([
  ['ECONNREFUSED', 'refuses connections: is it running?'],
  ['ENOTFOUND', 'cannot be found: its name is not known'],
  ['EAI_AGAIN', 'cannot be found: no name server answers'],
]);

/** A selection fails for what was wrong with the servers that were tried. */
function whyUnreachable(error: MongoServerSelectionError): string {
  const servers = error.reason?.servers.values() ?? [];
  for (const { error: cause } of servers) {
    for (let next: unknown = cause; next instanceof Error; next = next.cause) {
      if (codeOf(next) === CODE.authenticationFailed) return 'refuses the login: authentication failed';
      const reason = 'code' in next ? SOCKET_REASONS.get(String(next.code)) : undefined;
      if (reason !== undefined) return reason;
    }
  }
  return 'does not answer, or has no member that can be read from';
}
