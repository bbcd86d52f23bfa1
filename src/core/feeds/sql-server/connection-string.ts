import { parse } from '@tediousjs/connection-string';
import { SQL_SERVER_DEFAULTS } from './settings.ts';

/** The settings in an ADO.NET connection string. Only the server is required. */
export interface AdoConnection {
  readonly server: string;
  readonly port: number | null;
  readonly instanceName: string | null;
  readonly database: string | null;
  readonly userName: string | null;
  readonly password: string | null;
  readonly encryption: boolean | 'strict' | null;
  readonly trustServerCertificate: boolean | null;
  readonly readOnlyIntent: boolean | null;
  readonly poolSize: number | null;
  readonly connectTimeoutMs: number | null;
}

/** A connection string is invalid or requires something unsupported. The message contains no secret. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
}

/** The names of each keyword, without spaces: `Application Intent` equals `ApplicationIntent`. */
const KEYWORDS = {
  server: ['server', 'datasource', 'address', 'addr', 'networkaddress'],
  database: ['database', 'initialcatalog'],
  userName: ['userid', 'uid', 'user'],
  password: ['password', 'pwd'],
  encryption: ['encrypt'],
  trustServerCertificate: ['trustservercertificate'],
  intent: ['applicationintent'],
  poolSize: ['maxpoolsize'],
  timeout: ['connecttimeout', 'connectiontimeout', 'timeout'],
  windowsLogin: ['integratedsecurity', 'trustedconnection', 'trusted_connection'],
} as const;
type Keyword = keyof typeof KEYWORDS;

const YES_OR_NO = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);
const ENCRYPTIONS = new Map<string, boolean | 'strict'>([
  ...YES_OR_NO,
  ['mandatory', true],
  ['optional', false],
  ['strict', 'strict'],
]);
const INTENTS = new Map([
  ['readonly', true],
  ['readwrite', false],
]);

/**
 * Parses a connection string like Microsoft.Data.SqlClient (`SqlConnection.ConnectionString`). Keywords that concern only
 * that client, such as `MultipleActiveResultSets`, are ignored.
 *
 * @throws ConnectionStringError
 */
export function parseAdoConnectionString(text: string): AdoConnection {
  const values = valuesIn(text);
  const get = (keyword: Keyword) => KEYWORDS[keyword].map((name) => values.get(name)).find((value) => value) ?? null;
  const among = <Value>(keyword: Keyword, meanings: ReadonlyMap<string, Value>): Value | null => {
    const value = get(keyword)?.toLowerCase().replaceAll(' ', '');
    if (value === undefined) return null;
    const meaning = meanings.get(value);
    if (meaning === undefined) throw invalidValue(KEYWORDS[keyword][0], [...meanings.keys()].join(', '));
    return meaning;
  };
  const wholeNumber = (keyword: Keyword): number | null => {
    const value = get(keyword);
    if (value === null) return null;
    if (!/^\d{1,6}$/.test(value)) throw invalidValue(KEYWORDS[keyword][0], 'a whole number');
    return Number(value);
  };

  const windowsLogin = among('windowsLogin', new Map([...YES_OR_NO, ['sspi', true]]));
  if (windowsLogin === true) {
    throw new ConnectionStringError(
      'asks for a Windows login (Integrated Security), which works on Windows only; give User Id and Password',
    );
  }
  const seconds = wholeNumber('timeout');
  return {
    ...parseServer(get('server')),
    database: get('database'),
    userName: get('userName'),
    password: get('password'),
    encryption: among('encryption', ENCRYPTIONS),
    trustServerCertificate: among('trustServerCertificate', YES_OR_NO),
    readOnlyIntent: among('intent', INTENTS),
    poolSize: wholeNumber('poolSize'),
    connectTimeoutMs: seconds === null || seconds === 0 ? null : seconds * 1000,
  };
}

/**
 * `host`, `host,port`, `host\instance` and `tcp:host,port`; `.` and `(local)` are this machine.
 *
 * @throws ConnectionStringError
 */
export function parseServer(text: string | null): Pick<AdoConnection, 'server' | 'port' | 'instanceName'> {
  const [, host, instanceName = null, port] =
    /^(?:tcp:)?([^\\,]+)(?:\\([^\\,]+))?(?:,\s*(\d{1,5}))?$/i.exec(text?.replaceAll(/\s/g, '') ?? '') ?? [];
  if (host === undefined || /^np:|^lpc:/i.test(host)) {
    throw new ConnectionStringError('names no server that can be reached over TCP; Server=host,1433 would do');
  }
  if (/^\(localdb\)$/i.test(host)) {
    throw new ConnectionStringError('names LocalDB, which answers programs on Windows only; give Server=host,1433');
  }
  const server = ['.', '(local)'].includes(host.toLowerCase()) ? 'localhost' : host;
  // With a port, the Browser service is not needed.
  if (port !== undefined) return { server, port: validPort(Number(port)), instanceName: null };
  return { server, port: null, instanceName };
}

/** `host:port/database` for people, without login and password. */
export function describeServer(connection: {
  readonly server: string;
  readonly port: number;
  readonly instanceName: string | null;
  readonly database: string;
}): string {
  const { server, port, instanceName, database } = connection;
  const usual = port === SQL_SERVER_DEFAULTS.port ? '' : `:${port}`;
  return `${server}${instanceName === null ? usual : `\\${instanceName}`}/${database}`;
}

function validPort(port: number): number {
  if (port < 1 || port > 65_535) throw invalidValue('server', 'a port from 1 to 65535');
  return port;
}

function valuesIn(text: string): ReadonlyMap<string, string> {
  try {
    return new Map([...parse(text).entries()].map(([key, value]) => [key.replaceAll(' ', ''), value]));
  } catch {
    throw new ConnectionStringError('is no ADO.NET connection string: a quotation mark is not closed');
  }
}

function invalidValue(keyword: string, wanted: string): ConnectionStringError {
  return new ConnectionStringError(`has a value of ${keyword} that is none of these: ${wanted}`);
}
