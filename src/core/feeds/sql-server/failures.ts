import mssql from 'mssql';
import { isProgramError } from '../../runtime/errors.ts';
import { QueryRefusedError, SourceError, SourceTimeoutError } from '../../runtime/source-errors.ts';
import { describeServer } from './connection-string.ts';
import { loginErrorsIn } from './login-errors.ts';
import type { SqlServerSettings } from './settings.ts';

/** SQL Server's error numbers (Database Engine events and errors, learn.microsoft.com). */
const INVALID_COLUMN = 207;
const INVALID_OBJECT = 208;
const SELECT_DENIED = 229;
const DEADLOCK_VICTIM = 1205;

/** The login lacks a permission on an object, a column, the server, the change tables or the database. */
const NOT_PERMITTED = new Set([229, 230, 297, 300, 371, 916]);

/** The database exists but is not available: offline, being restored, in single-user mode, moved or throttled. */
const DATABASE_UNAVAILABLE = new Set([
  904, 921, 922, 924, 926, 927, 942, 945, 951, 952, 954, 955, 976, 978, 983, 988, 4060, 10928, 10929, 40197, 40501,
  40613,
]);

/** SNAPSHOT is not allowed: in this database, or with a memory-optimised table in it. */
const NO_SNAPSHOT = new Set([3952, 41332]);

/**
 * The catalog of the session is outdated: a column or table was dropped (207, 208), a permission or SNAPSHOT was withdrawn
 * (above), an object was altered while a SNAPSHOT transaction read it (3961), or Change Tracking was switched off (22105,
 * 22106) or does not exist (195).
 */
const OUTDATED = new Set([195, INVALID_COLUMN, INVALID_OBJECT, 3961, 22105, 22106, ...NOT_PERMITTED, ...NO_SNAPSHOT]);

/** From this severity on, an error ends the connection. */
const ENDS_CONNECTION = 20;

/** Codes of requests whose connection was closed while they ran. Errors of connecting are not included. */
const CONNECTION_ENDED = new Set(['ECONNCLOSED', 'ECLOSE', 'ESOCKET', 'ECONNRESET', 'EPIPE', 'ENOTOPEN']);

const UNTRUSTED =
  'has a certificate that is not trusted: name its authority in DB_CA_FILE, or take any with DB_TRUST_SERVER_CERTIFICATE=true';
const SOCKET_REASONS = new Map([
  ['ECONNREFUSED', 'refuses connections: is it running, and is TCP/IP enabled?'],
  ['ENOTFOUND', 'cannot be found: its name is not known'],
  ['EAI_AGAIN', 'cannot be found: no name server answers'],
  ['EHOSTUNREACH', 'cannot be reached from here'],
  ['ENETUNREACH', 'cannot be reached from here'],
  ['ETIMEDOUT', 'does not answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['CERT_UNTRUSTED', UNTRUSTED],
  [
    'CERT_HAS_EXPIRED',
    'has a certificate that has expired: renew it, or take any with DB_TRUST_SERVER_CERTIFICATE=true',
  ],
  ['CERT_NOT_YET_VALID', 'has a certificate that is not valid yet: is the clock of this machine right?'],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'has a certificate for another name: give that name as DB_SERVER, or take any with DB_TRUST_SERVER_CERTIFICATE=true',
  ],
]);

/**
 * A SourceError for an error of the driver. Its text contains no password and no value of a row.
 *
 * Errors are distinguished by class, code and number, never by their text. Other errors are returned unchanged.
 */
export function sourceErrorOf(error: unknown, settings: SqlServerSettings): unknown {
  const described = describeFailure(error, settings);
  return described === undefined ? error : Object.assign(described, { cause: error });
}

function describeFailure(error: unknown, settings: SqlServerSettings): SourceError | undefined {
  const server = `SQL Server ${describeServer(settings)}`;
  if (isPoolTimeout(error)) {
    return new SourceTimeoutError(
      `${server}: all ${settings.poolSize} connections were busy for ${settings.requestTimeoutMs} ms`,
    );
  }
  // The driver wraps our own bugs, such as an invalid parameter.
  if (!(error instanceof mssql.MSSQLError) || [...chain(error)].some(isProgramError)) return undefined;
  const number = numberIn(error);
  if (number !== undefined) return refusal(server, number, severityIn(error), error.message);
  // tedious has this code, but the types of mssql lack it.
  if (describeCauses(error).codes.has('EENCRYPT')) {
    const encryption =
      settings.encryption === false
        ? 'takes encrypted connections only: set DB_ENCRYPT=true'
        : 'has no encryption: set DB_ENCRYPT=false, or give it a certificate';
    return new SourceError(`${server} ${encryption}`);
  }
  switch (error.code) {
    case 'ELOGIN':
      return new SourceError(`${server} ${loginReason(error)}`);
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

/** Why a login was refused, by error number. The first match counts. */
const LOGIN_REASONS = new Map([
  [4060, 'has no such database, or the login may not open it: check DB_NAME, and run db/login.sql in that database'],
  [4064, 'cannot open the default database of the login: set DB_NAME, or give the login another default'],
  [18_450, 'does not take logins of SQL Server, only of Windows: switch on mixed mode'],
  [18_452, 'does not take logins of SQL Server, only of Windows: switch on mixed mode'],
  [18_470, 'has the login, which is disabled: alter login … enable'],
  [18_486, 'has the login, which is locked after too many attempts: alter login … with password = … unlock'],
  [18_487, 'says that the password of the login has expired: give it a new one'],
  [18_488, 'says that the password of the login must be changed: give it a new one'],
  [40_615, 'does not let this machine through its firewall: add its address there'],
  [18_456, 'refuses the login: check DB_USER and DB_PASSWORD'],
]);

function loginReason(error: unknown): string {
  const { loginErrors } = describeCauses(error);
  const [reason] = loginErrors.flatMap((number) => LOGIN_REASONS.get(number) ?? []);
  const numbers = loginErrors.length === 0 ? '' : ` (error ${loginErrors.join(', ')})`;
  return `${reason ?? 'refuses the login: check DB_USER, DB_PASSWORD and DB_NAME'}${numbers}`;
}

function refusal(server: string, number: number, severity: number, text: string): SourceError {
  if (DATABASE_UNAVAILABLE.has(number) || severity >= ENDS_CONNECTION) {
    return new SourceError(
      `${server} cannot be used now (error ${number}): its database is offline, restored, moved, throttled, or being shut down`,
    );
  }
  if (number === DEADLOCK_VICTIM) {
    return new QueryRefusedError(`${server}: the query was chosen as a deadlock victim (error ${number})`);
  }
  if (number === INVALID_OBJECT || number === SELECT_DENIED) {
    return new QueryRefusedError(`${server} has ${unreadableTable(text)} (error ${number})`);
  }
  // These texts contain only names of columns and permissions.
  const isAboutNames = number === INVALID_COLUMN || NOT_PERMITTED.has(number);
  const why = isAboutNames ? text : `select text from sys.messages where message_id = ${number} says why`;
  return new QueryRefusedError(`${server} refused the query (error ${number}): ${why}`);
}

/**
 * SQL Server may send the same error for a table that does not exist and for one that the login may not see, so the text
 * covers both.
 */
function unreadableTable(text: string): string {
  const [, table = 'of that name'] = /'(?:[^']*\.)?([^'.]+)'/.exec(text) ?? [];
  return `no table ${table} that this login may see; grant select on it where it is there, as db/login.sql does`;
}

/** Whether the connection ended during a request. The same request may succeed on a new one. */
export function isConnectionLost(error: unknown): boolean {
  if (severityIn(error) >= ENDS_CONNECTION) return true;
  if (!(error instanceof mssql.RequestError) || numberIn(error) !== undefined) return false;
  return [...chain(error)].some((one) => 'code' in one && CONNECTION_ENDED.has(String(one.code)));
}

/** Whether the query was a deadlock victim. It may succeed if it is repeated. */
export function isDeadlockVictim(error: unknown): boolean {
  return numberIn(error) === DEADLOCK_VICTIM;
}

/** Whether an error means that the catalog of the session is outdated. */
export function isOutdated(error: unknown): boolean {
  return OUTDATED.has(numberIn(error) ?? 0);
}

/** Whether SNAPSHOT transactions are not allowed. */
export function isSnapshotRefused(error: unknown): boolean {
  return NO_SNAPSHOT.has(numberIn(error) ?? 0);
}

/** Whether the login lacks a permission. */
export function isPermissionError(error: unknown): boolean {
  return NOT_PERMITTED.has(numberIn(error) ?? 0);
}

/** Whether the statement itself failed, and would fail again. */
export function isRefused(error: unknown): boolean {
  const number = numberIn(error);
  if (number === undefined || number === DEADLOCK_VICTIM || DATABASE_UNAVAILABLE.has(number)) return false;
  return severityIn(error) < ENDS_CONNECTION;
}

/** The error number that the server sent ([MS-TDS] 2.2.7.10); undefined if it sent none. */
function numberIn(error: unknown): number | undefined {
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

/** The codes of an error and its causes, from driver, TLS and socket; and the numbers with which a login was refused. */
export interface Causes {
  readonly codes: ReadonlySet<string>;
  readonly loginErrors: readonly number[];
}

export function describeCauses(error: unknown): Causes {
  const all = [...chain(error)];
  return {
    codes: new Set(all.flatMap((one) => ('code' in one && typeof one.code === 'string' ? [one.code] : []))),
    loginErrors: all.map(loginErrorsIn).find(({ length }) => length > 0) ?? [],
  };
}

/** An error, the errors that it wraps, and their causes; of several attempts, the last. */
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

/** The pool is tarn, which `mssql` does not export; the class of its errors cannot be imported. */
function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'TimeoutError';
}
