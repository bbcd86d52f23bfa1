import type { AdoConnection } from '../core/feeds/sql-server/connection-string.ts';
import { SQL_SERVER_DEFAULTS as usual } from '../core/feeds/sql-server/settings.ts';
import type { EnvironmentReader, Section } from './environment-reader.ts';
import * as kind from './kinds.ts';

const ADO = 'ConnectionStrings__DefaultConnection';

export function readSqlServer(reader: EnvironmentReader) {
  const section = reader.section('SQL Server');
  const { read } = section;
  const ado = read(ADO, kind.adoConnectionString, null, {
    help: 'SQL Server in one string; `DB_…` variables override its parts. Without any database the demo company is served',
    isSecret: true,
    example: 'Server=localhost,1433;Database=…;User Id=…;Password=…;TrustServerCertificate=True',
    mistakenFor: ['DB_URL'],
  });
  const own = read('DB_SERVER', kind.sqlServerAddress, null, {
    help: 'SQL Server to read: a host, `host,port` or `host\\instance`',
    example: 'localhost',
    mistakenFor: ['DB_HOST'],
  });
  const address = own ?? ado;
  const port = read('DB_PORT', kind.wholeNumber(1, 65_535), address?.port ?? usual.port, {
    help: 'Port of SQL Server',
  });
  const login = readLogin(section, ado);
  const connection = readConnection(section, ado);

  // An invalid address is already reported. A password alone may be for another program, such as the database's container.
  const isInvalid = address === null && (reader.isSet('DB_SERVER') || reader.isSet(ADO));
  const isMeant = address !== null || (!isInvalid && (login.database ?? login.userName) !== null);
  section.usedIf(isMeant, 'no SQL Server is configured; set DB_SERVER');
  if (!isMeant) return null;
  const { database, userName, password } = login;
  if (address === null || database === null || userName === null || password === null) {
    const parts = { address, ...login };
    reader.problems.push(...MISSING.filter(({ part }) => parts[part] === null).map(({ problem }) => problem));
    return null;
  }
  if ((own?.port ?? port) !== port) reader.notices.push('the port in DB_SERVER is not used: DB_PORT comes first');
  reader.notices.push(...certificateNotices(connection));
  const { server, instanceName } = address;
  return { ...{ server, port, instanceName, database, userName, password }, ...connection };
}

const MISSING = [
  { part: 'address', problem: 'DB_SERVER: is not set, but other DB_… are; name the server' },
  { part: 'database', problem: 'DB_NAME: is not set, but a SQL Server is; name its database' },
  { part: 'userName', problem: 'DB_USER: is not set, but a SQL Server is; name its login' },
  { part: 'password', problem: "DB_PASSWORD: is not set, but a SQL Server is; give the login's password" },
] as const;

function readLogin({ read }: Section, ado: AdoConnection | null) {
  return {
    database: read('DB_NAME', kind.text, ado?.database ?? null, {
      help: 'Database in SQL Server',
      mistakenFor: ['DB_DATABASE'],
    }),
    userName: read(['DB_USER', 'DB_USERNAME'], kind.text, ado?.userName ?? null, { help: 'Login of SQL Server' }),
    password: read('DB_PASSWORD', kind.text, ado?.password ?? null, {
      help: 'Password of that login',
      isSecret: true,
      mistakenFor: ['DB_PASS', 'DB_PWD'],
    }),
  };
}

function readConnection({ read }: Section, ado: AdoConnection | null) {
  return {
    encryption: read('DB_ENCRYPT', kind.encryption, ado?.encryption ?? usual.encryption, {
      help: 'Whether the connection is encrypted; strict is TDS 8.0',
    }),
    trustServerCertificate: read(
      'DB_TRUST_SERVER_CERTIFICATE',
      kind.flag,
      ado?.trustServerCertificate ?? usual.trustServerCertificate,
      { help: 'Accept any certificate, for development only: others on the network could read along' },
    ),
    certificateAuthority: read('DB_CA_FILE', kind.certificateFile, null, {
      help: 'PEM file of an additional certificate authority to trust',
    }),
    readOnlyIntent: read('DB_READ_ONLY_INTENT', kind.flag, ado?.readOnlyIntent ?? usual.readOnlyIntent, {
      help: 'ApplicationIntent=ReadOnly: read from a secondary of an availability group',
    }),
    poolSize: read('DB_POOL_SIZE', kind.wholeNumber(1, 100), ado?.poolSize ?? usual.poolSize, {
      help: 'Maximum number of connections',
    }),
    connectTimeoutMs: read(
      'DB_CONNECT_TIMEOUT_MS',
      kind.milliseconds(100, 120_000),
      ado?.connectTimeoutMs ?? usual.connectTimeoutMs,
      { help: 'A login that takes longer fails' },
    ),
  };
}

function certificateNotices(connection: ReturnType<typeof readConnection>): string[] {
  if (connection.certificateAuthority === null) return [];
  return [
    ...(connection.trustServerCertificate ? ['with DB_TRUST_SERVER_CERTIFICATE any certificate is accepted'] : []),
    ...(connection.encryption === false ? ['DB_ENCRYPT=false'] : []),
  ].map((why) => `DB_CA_FILE is not used: ${why}`);
}

export function readMongo({ section }: EnvironmentReader) {
  const { read, usedIf } = section('MongoDB');
  const connectionString = read(
    ['MONGO_CONNECTION_STRING', 'MONGODB_CONNECTION', 'ConnectionStrings__MongoConnection'],
    kind.mongoConnectionString,
    null,
    {
      help: 'MongoDB to read, with any option of the driver',
      isSecret: true,
      example: 'mongodb://localhost:27017/?replicaSet=rs0',
      mistakenFor: ['MONGO_URL', 'MONGO_URI', 'MONGODB_URL', 'MONGODB_URI'],
    },
  );
  const options = {
    database: read('MONGO_DATABASE', kind.text, null, {
      help: 'Database in MongoDB',
      fallbackWords: 'from the connection string, else `MeuCrudSupportDb`',
    }),
    readPreference: read(
      'MONGO_READ_PREFERENCE',
      kind.oneOf('primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'),
      null,
      {
        help: 'Which members of a replica set are read from',
        fallbackWords: 'from the connection string, else `primary`',
      },
    ),
    readConcern: read('MONGO_READ_CONCERN', kind.oneOf('local', 'available', 'majority', 'linearizable'), null, {
      help: 'How far a document is replicated before it is read',
      fallbackWords: 'from the connection string, else `local`',
    }),
    connectTimeoutMs: read('MONGO_CONNECT_TIMEOUT_MS', kind.milliseconds(100, 120_000), 5_000, {
      help: 'A server that answers later counts as unreachable',
    }),
    poolSize: read('MONGO_POOL_SIZE', kind.wholeNumber(1, 100), 10, { help: 'Maximum number of connections' }),
  };
  usedIf(connectionString !== null, 'no MongoDB is configured; set MONGO_CONNECTION_STRING');
  return connectionString === null ? null : { connectionString, ...options };
}

export function readChangeInterval({ section }: EnvironmentReader, isConfigured: boolean): number {
  const { read, usedIf } = section('SQL Server and MongoDB');
  const intervalMs = read('CHANGE_INTERVAL_MS', kind.milliseconds(1_000, 3_600_000), usual.changeIntervalMs, {
    help: 'How often a database is read that does not report its changes',
  });
  usedIf(isConfigured, 'no database is configured');
  return intervalMs;
}
