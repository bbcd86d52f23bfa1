import { isIP } from 'node:net';
import { EXAMPLE, wrongPart } from '../core/feeds/mongo/connection-string-parts.ts';
import type { MongoSettings } from '../core/feeds/mongo/settings.ts';
import {
  ConnectionStringError,
  parseAdoConnectionString,
  parseServer,
} from '../core/feeds/sql-server/connection-string.ts';
import { SQL_SERVER_DEFAULTS, type SqlServerSettings } from '../core/feeds/sql-server/settings.ts';
import { readCertificateFile } from './certificate-file.ts';
import { READERS, type Variable } from './readers.ts';

const { text, path, wholeNumber, flag, oneOf } = READERS;

/** A MongoDB connection string of which each part can be read; its options are for the driver. */
function mongoAddress(options: Omit<Variable<string | null>, 'type' | 'read'>): Variable<string | null> {
  return {
    ...options,
    type: 'text',
    read(value) {
      const address = value.trim();
      const wrong = wrongPart(address);
      return wrong === undefined ? address : { problem: `which cannot be used: ${wrong}; the form is ${EXAMPLE}` };
    },
  };
}

/** Every variable that says which databases are read, and how. */
export const DATABASE_VARIABLES = {
  DB_SERVER: text({
    help: 'SQL Server to read: a host, `host,port` or `host\\instance`; with no database configured: the demo company',
    fallback: null,
  }),
  DB_PORT: wholeNumber({ help: 'Its port', fallback: SQL_SERVER_DEFAULTS.port, minimum: 1, maximum: 65_535 }),
  DB_NAME: text({ help: 'Its database', fallback: null }),
  DB_USERNAME: text({ help: 'Its login', fallback: null, alsoNamed: ['DB_USER'] }),
  DB_PASSWORD: text({ help: "That login's password", fallback: null, secret: true }),
  ConnectionStrings__DefaultConnection: text({
    help: 'The five of these in one ADO.NET connection string',
    fallback: null,
    secret: true,
  }),
  DB_ENCRYPT: oneOf({
    help: 'Whether the connection is encrypted; strict is TDS 8.0',
    fallback: 'true',
    values: ['true', 'false', 'strict'],
  }),
  DB_TRUST_SERVER_CERTIFICATE: flag({
    help: "Take any certificate, such as a developer machine's; whoever stands between can then read along",
    fallback: SQL_SERVER_DEFAULTS.trustServerCertificate,
  }),
  DB_CA_FILE: path({ help: 'PEM file of a certificate authority to trust besides the usual ones', fallback: null }),
  DB_READ_ONLY_INTENT: flag({
    help: 'ApplicationIntent=ReadOnly: read from a secondary of an availability group',
    fallback: SQL_SERVER_DEFAULTS.readOnlyIntent,
  }),
  DB_POOL_SIZE: wholeNumber({
    help: 'Connections at most',
    fallback: SQL_SERVER_DEFAULTS.poolSize,
    minimum: 1,
    maximum: 100,
  }),
  DB_CONNECT_TIMEOUT_MS: wholeNumber({
    help: 'A server that has not let us in by then is taken to be away',
    fallback: SQL_SERVER_DEFAULTS.connectTimeoutMs,
    minimum: 100,
    maximum: 120_000,
  }),
  CHANGE_INTERVAL_MS: wholeNumber({
    help: 'How often a database that cannot tell what changed is read',
    fallback: SQL_SERVER_DEFAULTS.changeIntervalMs,
    minimum: 1_000,
    maximum: 3_600_000,
  }),
  ConnectionStrings__MongoConnection: mongoAddress({
    help: 'MongoDB to read: a connection string, which may have any option of the driver',
    fallback: null,
    alsoNamed: ['MONGO_CONNECTION_STRING', 'MONGODB_CONNECTION'],
    secret: true,
  }),
  MONGO_DATABASE: text({
    help: 'Its database',
    fallback: null,
    fallbackText: "of the connection string's path, else `MeuCrudSupportDb`",
  }),
  MONGO_READ_PREFERENCE: oneOf({
    help: 'Which members of a replica set are read from',
    fallback: null,
    fallbackText: 'of the connection string, else `primary`',
    values: ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'],
  }),
  MONGO_READ_CONCERN: oneOf({
    help: 'How far what is read is replicated',
    fallback: null,
    fallbackText: 'of the connection string, else `local`',
    values: ['local', 'available', 'majority', 'linearizable'],
  }),
  MONGO_CONNECT_TIMEOUT_MS: wholeNumber({
    help: 'A server that has not answered by then is taken to be away',
    fallback: 5_000,
    minimum: 100,
    maximum: 120_000,
  }),
  MONGO_POOL_SIZE: wholeNumber({ help: 'Connections at most', fallback: 10, minimum: 1, maximum: 100 }),
};

export interface DatabasesConfig {
  readonly sqlServer: SqlServerSettings | null;
  readonly mongo: MongoSettings | null;
}

/** The variables, and where to report what makes no sense in them. */
export interface Reading {
  get<Value>(name: string, variable: Variable<Value>): Value;
  isSet(name: string): boolean;
  /** A problem to tell, as `NAME: what is wrong, what would do`. */
  report(problem: string): void;
}

const V = DATABASE_VARIABLES;
const ADO = 'ConnectionStrings__DefaultConnection';

export function readDatabases(reading: Reading, deadlineMs: number): DatabasesConfig {
  const changeIntervalMs = reading.get('CHANGE_INTERVAL_MS', V.CHANGE_INTERVAL_MS);
  return {
    sqlServer: readSqlServer(reading, { requestTimeoutMs: deadlineMs, changeIntervalMs }),
    mongo: readMongo(reading, changeIntervalMs),
  };
}

function readSqlServer(
  reading: Reading,
  timings: Pick<SqlServerSettings, 'requestTimeoutMs' | 'changeIntervalMs'>,
): SqlServerSettings | null {
  const { get, isSet } = reading;
  const address = readAddress(reading);
  const shared = {
    certificateAuthority: readCertificateAuthority(reading),
    ...timings,
  };
  // Read whether or not a server is named, so that every problem is reported at once.
  const own = {
    encryption: encryptionOf(get('DB_ENCRYPT', V.DB_ENCRYPT)),
    trustServerCertificate: get('DB_TRUST_SERVER_CERTIFICATE', V.DB_TRUST_SERVER_CERTIFICATE),
    readOnlyIntent: get('DB_READ_ONLY_INTENT', V.DB_READ_ONLY_INTENT),
    poolSize: get('DB_POOL_SIZE', V.DB_POOL_SIZE),
    connectTimeoutMs: get('DB_CONNECT_TIMEOUT_MS', V.DB_CONNECT_TIMEOUT_MS),
  };
  if (address === null) return null;
  const { server, port, instanceName, database, userName, password, ...fromString } = address;
  const prefer = <Value>(name: string, value: Value, other: Value | null): Value =>
    isSet(name) ? value : (other ?? value);
  return {
    ...{ server, port, instanceName, database, userName, password },
    encryption: prefer('DB_ENCRYPT', own.encryption, fromString.encryption),
    trustServerCertificate: prefer(
      'DB_TRUST_SERVER_CERTIFICATE',
      own.trustServerCertificate,
      fromString.trustServerCertificate,
    ),
    readOnlyIntent: prefer('DB_READ_ONLY_INTENT', own.readOnlyIntent, fromString.readOnlyIntent),
    poolSize: prefer('DB_POOL_SIZE', own.poolSize, fromString.poolSize),
    connectTimeoutMs: prefer('DB_CONNECT_TIMEOUT_MS', own.connectTimeoutMs, fromString.connectTimeoutMs),
    ...shared,
  };
}

/** Where the server is, and who asks: from the connection string, in which each `DB_…` that is set counts more. */
function readAddress(reading: Reading) {
  const { get, isSet, report } = reading;
  const ado = readAdo(reading);
  const where = readServer(reading) ?? ado;
  const port = get('DB_PORT', V.DB_PORT);
  const parts = {
    database: get('DB_NAME', V.DB_NAME) ?? ado?.database ?? null,
    userName: get('DB_USERNAME', V.DB_USERNAME) ?? ado?.userName ?? null,
    password: get('DB_PASSWORD', V.DB_PASSWORD) ?? ado?.password ?? null,
  };
  if (!isSqlServerNamed(reading, where !== null)) return null;
  if (where === null) report('DB_SERVER: is not set, but other DB_… are; name the server');
  const { database, userName, password } = parts;
  for (const { part, problem } of MISSING_PARTS) if (parts[part] === null) report(problem);
  if (where === null || database === null || userName === null || password === null) return null;
  const { encryption, trustServerCertificate, readOnlyIntent, poolSize, connectTimeoutMs } = ado ?? NOTHING;
  return {
    ...{ server: where.server, instanceName: where.instanceName, database, userName, password },
    port: isSet('DB_PORT') ? port : (where.port ?? port),
    ...{ encryption, trustServerCertificate, readOnlyIntent, poolSize, connectTimeoutMs },
  };
}

const MISSING_PARTS = [
  { part: 'database', problem: 'DB_NAME: is not set, but a SQL Server is; name its database' },
  { part: 'userName', problem: 'DB_USER: is not set, but a SQL Server is; name its login' },
  { part: 'password', problem: "DB_PASSWORD: is not set, but a SQL Server is; give the login's password" },
] as const;

/** A password alone may be there for somebody else, such as the container of the database. */
function isSqlServerNamed({ isSet }: Reading, isFound: boolean): boolean {
  if (isFound) return true;
  // What names it was reported to make no sense.
  if (isSet(ADO) || isSet('DB_SERVER')) return false;
  return ['DB_NAME', 'DB_USER', 'DB_USERNAME'].some(isSet);
}

const NOTHING = {
  encryption: null,
  trustServerCertificate: null,
  readOnlyIntent: null,
  poolSize: null,
  connectTimeoutMs: null,
};

function readCertificateAuthority({ get, report }: Reading): string | null {
  const file = get('DB_CA_FILE', V.DB_CA_FILE);
  if (file === null) return null;
  const outcome = readCertificateFile(file);
  if ('pem' in outcome) return outcome.pem;
  report(`DB_CA_FILE: read ${JSON.stringify(file)}, ${outcome.problem}`);
  return null;
}

function readAdo({ get, report }: Reading) {
  const value = get(ADO, V.ConnectionStrings__DefaultConnection);
  return value === null
    ? null
    : orReport(ADO, report, () => withPossibleHost(parseAdoConnectionString(value), 'has a Server that'));
}

function readServer({ get, report }: Reading) {
  const value = get('DB_SERVER', V.DB_SERVER);
  return value === null
    ? null
    : orReport('DB_SERVER', report, () => withPossibleHost(parseServer(value), `read ${JSON.stringify(value)}, which`));
}

/** @throws ConnectionStringError */
function withPossibleHost<Address extends { readonly server: string }>(address: Address, subject: string): Address {
  const problem = hostProblem(address.server);
  if (problem !== undefined) throw new ConnectionStringError(`${subject} ${problem}`);
  return address;
}

/** What would only be found out as a name that no name server knows. */
function hostProblem(host: string): string | undefined {
  if (isIP(host) !== 0) return undefined;
  if (host.includes('://')) return 'has a scheme; give the host alone, or host,1433';
  if (/^.+:\d*$/.test(host)) return 'has a port after a colon; write host,1433, or the port into DB_PORT';
  if (host.includes('/')) return 'has a /; an instance is named host\\instance';
  if (host.startsWith('[')) return 'has brackets; write an IPv6 address without them';
  return /^[\p{L}\d_]([\p{L}\d._-]*[\p{L}\d_.])?$/u.test(host) ? undefined : 'is no host name; host,1433 would do';
}

function orReport<Value>(name: string, report: (problem: string) => void, read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConnectionStringError)) throw error;
    report(`${name}: ${error.message}`);
    return null;
  }
}

function encryptionOf(value: string): boolean | 'strict' {
  return value === 'strict' ? value : value === 'true';
}

function readMongo({ get }: Reading, changeIntervalMs: number): MongoSettings | null {
  const connectionString = get('ConnectionStrings__MongoConnection', V.ConnectionStrings__MongoConnection);
  const rest = {
    database: get('MONGO_DATABASE', V.MONGO_DATABASE),
    readPreference: get('MONGO_READ_PREFERENCE', V.MONGO_READ_PREFERENCE),
    readConcern: get('MONGO_READ_CONCERN', V.MONGO_READ_CONCERN),
    connectTimeoutMs: get('MONGO_CONNECT_TIMEOUT_MS', V.MONGO_CONNECT_TIMEOUT_MS),
    poolSize: get('MONGO_POOL_SIZE', V.MONGO_POOL_SIZE),
    changeIntervalMs,
  };
  return connectionString === null ? null : { connectionString, ...rest };
}
