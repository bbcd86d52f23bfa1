import {
  MongoClientClosedError,
  MongoCompatibilityError,
  MongoCursorExhaustedError,
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { isProgramError } from '../../runtime/errors.ts';
import { QueryRefusedError, SourceError, SourceTimeoutError } from '../../runtime/source-errors.ts';

/** Error codes as the MongoDB manual lists them ("Error Codes"). */
export const CODE = {
  unauthorized: 13,
  authenticationFailed: 18,
  cursorNotFound: 43,
  maxTimeExpired: 50,
  invalidResumeToken: 260,
  changeStreamFatal: 280,
  changeStreamHistoryLost: 286,
  documentTooLarge: 10_334,
  onlyOnReplicaSets: 40_573,
} as const;

/** The server is reachable but not readable now: it shuts down, is not primary, recovers, or elects a primary. */
const UNAVAILABLE = new Set([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436, 133]);

/** The stream cannot resume from the token: it is too old, of another history, or before an event of over 16 MB. */
const TOKEN_IS_LOST: ReadonlySet<number | undefined> = new Set([
  CODE.changeStreamHistoryLost,
  CODE.invalidResumeToken,
  CODE.changeStreamFatal,
  CODE.documentTooLarge,
]);

/** The code of an error that the server sent; undefined for other errors. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof MongoServerError && typeof error.code === 'number' ? error.code : undefined;
}

/** Whether the server no longer has the changes since the resume token. */
export function isTokenLost(error: unknown): boolean {
  return TOKEN_IS_LOST.has(codeOf(error));
}

/** Labels of transient errors (MongoDB specifications, "Retryable Reads" and "Change Streams"). */
const TRANSIENT_LABELS = ['ResumableChangeStreamError', 'RetryableError', 'TransientTransactionError', 'ResetPool'];
/** Codes of transient errors: host unreachable, time-out, lost cursor, election, shutdown, or a login that may be fixed. */
const TRANSIENT = new Set<unknown>([
  ...UNAVAILABLE,
  ...[6, 7, 63, 89, 150, 202, 234, 262, 9_001, 13_388],
  ...[CODE.authenticationFailed, CODE.cursorNotFound, CODE.maxTimeExpired],
]);

/** Whether the server refused the request, and would refuse it again. */
export function isRefusal(error: unknown): error is MongoServerError {
  return (
    error instanceof MongoServerError &&
    !TRANSIENT.has(error.code) &&
    !TRANSIENT_LABELS.some((label) => error.hasErrorLabel(label))
  );
}

/** Whether only a connection, cursor or member was lost, so that a retry may succeed. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error);
  if (isLostConnection(error) || isClosedClient(error) || error instanceof MongoCursorExhaustedError) return true;
  return code === CODE.cursorNotFound || (code !== undefined && UNAVAILABLE.has(code));
}

/** Whether the client was closed or could not connect, and can no longer be used. */
export function isClosedClient(error: unknown): boolean {
  return (
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoClientClosedError
  );
}

/** Whether a connection ended although the server may be available: it neither refuses connections nor is silent. */
export function isLostConnection(error: unknown): boolean {
  if (error instanceof MongoServerSelectionError) {
    const causes = serverErrors(error);
    return causes.length > 0 && causes.every((cause) => isLostConnection(cause) && socketReason(cause) === undefined);
  }
  if (error instanceof MongoNetworkTimeoutError) return false;
  return error instanceof MongoNetworkError || isSocketError(error);
}

/** Why there is no change stream, and what enables one. */
export function whyNoChangeStream(code: number | string | undefined, database: string): string {
  if (code === CODE.onlyOnReplicaSets) {
    return 'the server is stand-alone and has no change streams: start mongod with --replSet rs0 and run rs.initiate()';
  }
  if (code === CODE.unauthorized) {
    return `the user may not open a change stream: db.grantRolesToUser(user, [{ role: "read", db: "${database}" }])`;
  }
  return `the server opens no change stream (${code === undefined ? 'it does not say why' : `error ${code}`})`;
}

/**
 * A SourceError for an error of the driver. Its text contains no password and no document.
 *
 * Errors are distinguished by class and code, never by their text. Other errors are returned unchanged.
 *
 * @param server as people know it, `MongoDB host/database`
 */
export function sourceErrorOf(error: unknown, server: string): unknown {
  const described = error instanceof MongoError ? describe(error, server) : describeSocket(error, server);
  return described === undefined ? error : Object.assign(described, { cause: error });
}

/** If a connection ends while a command is written, the driver passes on the socket's error. */
function describeSocket(error: unknown, server: string): SourceError | undefined {
  return isSocketError(error)
    ? new SourceError(`${server} ${socketReason(error) ?? 'was lost while it was asked'}`)
    : undefined;
}

function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Undefined for a bug: a wrong call of the driver, or an error inside it. */
function describe(error: MongoError, server: string): SourceError | undefined {
  if (error instanceof MongoInvalidArgumentError || [...causesOf(error)].some(isProgramError)) return undefined;
  if (error instanceof MongoServerSelectionError) return new SourceError(`${server} ${whyUnreachable(error)}`);
  if (error instanceof MongoCompatibilityError) return new SourceError(`${server} is older than MongoDB 4.2`);
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
  if (UNAVAILABLE.has(code)) {
    return new SourceError(`${server} has no member that can be read from now (error ${code})`);
  }
  return new QueryRefusedError(`${server} refused the query (error ${code})`);
}

/** The error of each server that was tried. */
function serverErrors({ reason }: MongoServerSelectionError) {
  return [...(reason?.servers.values() ?? [])].map((server) => server.error);
}

const SOCKET_REASONS = new Map([
  ['ECONNREFUSED', 'refuses connections: is it running?'],
  ['ENOTFOUND', 'cannot be found: its name is not known'],
  ['EAI_AGAIN', 'cannot be found: no name server answers'],
  ['ENODATA', 'cannot be found: its name has no SRV record, which mongodb+srv:// needs'],
]);

/** Why no server could be selected, from the errors of those that were tried. */
function whyUnreachable(error: MongoServerSelectionError): string {
  for (const cause of serverErrors(error)) {
    for (const each of causesOf(cause)) {
      if (codeOf(each) === CODE.authenticationFailed) return 'refuses the login: authentication failed';
    }
    const reason = socketReason(cause);
    if (reason !== undefined) return reason;
  }
  return 'does not answer, or has no member that can be read from';
}

function socketReason(error: unknown): string | undefined {
  for (const each of causesOf(error)) {
    const reason = 'code' in each ? SOCKET_REASONS.get(String(each.code)) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function* causesOf(error: unknown): Generator<Error> {
  for (let next = error; next instanceof Error; next = next.cause) yield next;
}

/**
 * The codes of an error, of its causes, and of the error of each server that was tried: server error codes, and codes of
 * sockets and TLS.
 */
export function failureCodes(error: unknown): ReadonlySet<string | number> {
  const servers = error instanceof MongoServerSelectionError ? serverErrors(error) : [];
  const all = [error, ...servers].flatMap((each) => [...causesOf(each)]);
  return new Set(
    all.flatMap((each) =>
      'code' in each && (typeof each.code === 'string' || typeof each.code === 'number') ? [each.code] : [],
    ),
  );
}
