import mssql from 'mssql';
import { QueryRefusedError, SourceError, SourceTimeoutError } from '../../source-errors.ts';
import { describeServer } from './connection-string.ts';
import type { SqlServerSettings } from './settings.ts';

/**
 * Errors of a query that speak of nothing but names of tables and columns; told as SQL Server words them
 * (Database Engine events and errors, learn.microsoft.com).
 */
const ABOUT_NAMES = new Set([207, 208, 229, 230]);

/** The database is there and cannot be used: offline, being restored, in single-user mode, moved or throttled. */
const DATABASE_UNAVAILABLE = new Set([
  904, 921, 922, 924, 926, 927, 942, 945, 951, 952, 954, 955, 976, 978, 983, 988, 4060, 10928, 10929, 40197, 40501,
  40613,
]);

const DEADLOCK_VICTIM = 1205;
/** From this severity on, the server ends the connection with the error. */
const ENDS_CONNECTION = 20;

const SOCKET_REASONS = new Map([
  ['ECONNREFUSED', 'refuses connections: is it running, and is TCP/IP enabled?'],
  ['ENOTFOUND', 'cannot be found: its name is not known'],
  ['EAI_AGAIN', 'cannot be found: no name server answers'],
  ['EHOSTUNREACH', 'cannot be reached from here'],
  ['ENETUNREACH', 'cannot be reached from here'],
  ['ETIMEDOUT', 'does not answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'has a certificate that is not trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'has a certificate that is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'has a certificate that is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'has a certificate that is not trusted'],
  ['CERT_HAS_EXPIRED', 'has a certificate that has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'has a certificate for another name'],
]);

/**
 * What an error of the driver means, in words that are fit for people: no password, no value of a row.
 *
 * Told apart by class, code and number, never by their text. What is no error of the driver is returned as it is.
 */
export function sourceErrorOf(error: unknown, settings: SqlServerSettings): unknown {
  const text = describeFailure(error, settings);
  return text === undefined ? error : Object.assign(text, { cause: error });
}

function describeFailure(error: unknown, settings: SqlServerSettings): SourceError | undefined {
  const server = `SQL Server ${describeServer(settings)}`;
  if (isPoolTimeout(error)) {
    return new SourceTimeoutError(
      `${server}: all ${settings.poolSize} connections were busy for ${settings.requestTimeoutMs} ms`,
    );
  }
  if (error instanceof RangeError) return new QueryRefusedError(error.message);
  if (!(error instanceof mssql.MSSQLError)) return undefined;
  const number = numberIn(error);
  if (number !== undefined) return refusal(server, number, severityIn(error), error.message);
  switch (error.code) {
    case 'ELOGIN':
      return new SourceError(`${server}: ${error.message}`);
    case 'ECANCEL':
      return new SourceTimeoutError(`${server}: the query was cancelled`);
    case 'ETIMEOUT':
      return error instanceof mssql.ConnectionError
        ? new SourceError(`${server} did not answer within ${settings.connectTimeoutMs} ms`)
        : new SourceTimeoutError(`${server} did not answer within ${settings.requestTimeoutMs} ms`);
    case 'EINSTLOOKUP':
      return new SourceError(`${server}: the SQL Server Browser does not tell the port of that instance`);
    default:
      return new SourceError(`${server} ${socketReason(error) ?? 'was lost while it was asked'}`);
  }
}

function refusal(server: string, number: number, severity: number, text: string): SourceError {
  if (DATABASE_UNAVAILABLE.has(number) || severity >= ENDS_CONNECTION) {
    return new SourceError(`${server} cannot be used now (error ${number})`);
  }
  if (number === DEADLOCK_VICTIM) {
    return new QueryRefusedError(`${server}: the query was chosen as a deadlock victim (error ${number})`);
  }
  const what = ABOUT_NAMES.has(number) ? `: ${text}` : '';
  return new QueryRefusedError(`${server} refused the query (error ${number})${what}`);
}

/** The error number of a driver's error, where the server sent one ([MS-TDS] 2.2.7.10); undefined where it did not. */
export function numberIn(error: unknown): number | undefined {
  for (const one of chain(error)) {
    if ('number' in one && typeof one.number === 'number' && one.number > 0) return one.number;
  }
  return undefined;
}

function severityIn(error: unknown): number {
  for (const one of chain(error)) if ('class' in one && typeof one.class === 'number') return one.class;
  return 0;
}

function socketReason(error: unknown): string | undefined {
  for (const one of chain(error)) {
    const reason = 'code' in one ? SOCKET_REASONS.get(String(one.code)) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** An error, what it wraps and what caused that, and of several attempts the last. */
function* chain(error: unknown): Generator<object> {
  let next: unknown = error;
  for (let depth = 0; depth < 6 && typeof next === 'object' && next !== null; depth++) {
    yield next;
    if ('info' in next && typeof next.info === 'object' && next.info !== null) yield next.info;
    next = wrappedBy(next);
  }
}

function wrappedBy(error: object): unknown {
  if ('originalError' in error) return error.originalError;
  return error instanceof AggregateError ? error.errors.at(-1) : 'cause' in error ? error.cause : undefined;
}

/** The pool is tarn's, which `mssql` does not export; its errors are not of a class that can be reached. */
function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'TimeoutError';
}
